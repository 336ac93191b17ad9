import base64, hashlib, hmac, json, os, sys, time, uuid

SITE, KID, SECRET = (os.environ[name] for name in ("SITE", "KID", "SECRET"))


def part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def as_json(value: dict) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def token_for(user: dict, jti: str, exp: int) -> str:
    header = {"alg": "HS256", "typ": "JWT", "kid": KID}
    claims = {"iss": SITE, "aud": "teatime", "sub": user["id"], "name": user["name"], "jti": jti, "exp": exp}
    text = part(as_json(header)) + "." + part(as_json(claims))
    return text + "." + part(hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest())


jti, exp = sys.argv[1:] or (str(uuid.uuid4()), time.time() + 300)
print(token_for({"id": "user-42", "name": "Ada Byron"}, jti, int(exp)))

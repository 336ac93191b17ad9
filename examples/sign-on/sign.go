package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"
)

type header struct {
	Alg string `json:"alg"`
	Typ string `json:"typ"`
	Kid string `json:"kid"`
}

type claims struct {
	Iss  string `json:"iss"`
	Aud  string `json:"aud"`
	Sub  string `json:"sub"`
	Name string `json:"name"`
	Jti  string `json:"jti"`
	Exp  int64  `json:"exp"`
}

func part(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

func tokenFor(id, name, jti string, exp int64) string {
	text := part(header{"HS256", "JWT", os.Getenv("KID")}) + "." +
		part(claims{os.Getenv("SITE"), "teatime", id, name, jti, exp})
	mac := hmac.New(sha256.New, []byte(os.Getenv("SECRET")))
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func main() {
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		panic(err)
	}
	jti, exp := hex.EncodeToString(random), time.Now().Unix()+300
	if len(os.Args) > 2 {
		jti = os.Args[1]
		exp, _ = strconv.ParseInt(os.Args[2], 10, 64)
	}
	fmt.Println(tokenFor("user-42", "Ada Byron", jti, exp))
}

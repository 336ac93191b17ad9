import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Sign {
  static String part(byte[] data) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(data);
  }

  /** JSON text; Java has no writer of its own, and your JSON library does as well. */
  static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray())
      json.append(c == '"' || c == '\\' ? "\\" + c : c < ' ' ? String.format("\\u%04x", (int) c) : "" + c);
    return json.append('"').toString();
  }

  static String tokenFor(String id, String name, String jti, long exp) throws Exception {
    String header = "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":" + quoted(System.getenv("KID")) + "}";
    String claims = "{\"iss\":" + quoted(System.getenv("SITE")) + ",\"aud\":\"teatime\",\"sub\":" + quoted(id)
        + ",\"name\":" + quoted(name) + ",\"jti\":" + quoted(jti) + ",\"exp\":" + exp + "}";
    String text = part(header.getBytes(UTF_8)) + "." + part(claims.getBytes(UTF_8));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(System.getenv("SECRET").getBytes(UTF_8), "HmacSHA256"));
    return text + "." + part(mac.doFinal(text.getBytes(UTF_8)));
  }

  public static void main(String[] args) throws Exception {
    String jti = args.length > 0 ? args[0] : UUID.randomUUID().toString();
    long exp = args.length > 1 ? Long.parseLong(args[1]) : Instant.now().getEpochSecond() + 300;
    System.out.println(tokenFor("user-42", "Ada Byron", jti, exp));
  }
}

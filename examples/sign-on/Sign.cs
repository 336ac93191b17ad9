using System;
using System.Security.Cryptography;
using System.Text;

static class Sign
{
    static string Part(byte[] data) =>
        Convert.ToBase64String(data).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    // JSON text; System.Text.Json does as well where your project has it.
    static string Quoted(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var c in text)
            json.Append(c == '"' || c == '\\' ? "\\" + c : c < ' ' ? "\\u" + ((int)c).ToString("x4") : c.ToString());
        return json.Append('"').ToString();
    }

    static string TokenFor(string id, string name, string jti, long exp)
    {
        Func<string, string> env = Environment.GetEnvironmentVariable;
        var header = "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":" + Quoted(env("KID")) + "}";
        var claims = "{\"iss\":" + Quoted(env("SITE")) + ",\"aud\":\"teatime\",\"sub\":" + Quoted(id)
            + ",\"name\":" + Quoted(name) + ",\"jti\":" + Quoted(jti) + ",\"exp\":" + exp + "}";
        var text = Part(Encoding.UTF8.GetBytes(header)) + "." + Part(Encoding.UTF8.GetBytes(claims));
        using (var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(env("SECRET"))))
            return text + "." + Part(hmac.ComputeHash(Encoding.UTF8.GetBytes(text)));
    }

    static void Main(string[] args)
    {
        var jti = args.Length > 0 ? args[0] : Guid.NewGuid().ToString();
        var exp = args.Length > 1 ? long.Parse(args[1]) : DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 300;
        Console.WriteLine(TokenFor("user-42", "Ada Byron", jti, exp));
    }
}

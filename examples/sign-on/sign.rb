require "base64"
require "json"
require "openssl"
require "securerandom"

def part(data)
  Base64.urlsafe_encode64(data, padding: false)
end

def token_for(user, jti, exp)
  header = { alg: "HS256", typ: "JWT", kid: ENV.fetch("KID") }
  claims = { iss: ENV.fetch("SITE"), aud: "teatime", sub: user[:id], name: user[:name], jti: jti, exp: exp }
  text = "#{part(JSON.generate(header))}.#{part(JSON.generate(claims))}"
  "#{text}.#{part(OpenSSL::HMAC.digest("SHA256", ENV.fetch("SECRET"), text))}"
end

puts token_for({ id: "user-42", name: "Ada Byron" }, ARGV[0] || SecureRandom.uuid, (ARGV[1] || Time.now.to_i + 300).to_i)

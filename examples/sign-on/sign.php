<?php
function part(string $data): string
{
    return rtrim(strtr(base64_encode($data), '+/', '-_'), '=');
}

function tokenFor(array $user, string $jti, int $exp): string
{
    $header = ['alg' => 'HS256', 'typ' => 'JWT', 'kid' => getenv('KID')];
    $claims = ['iss' => getenv('SITE'), 'aud' => 'teatime', 'sub' => $user['id'], 'name' => $user['name'],
        'jti' => $jti, 'exp' => $exp];
    $text = part(json_encode($header)) . '.' . part(json_encode($claims));
    return $text . '.' . part(hash_hmac('sha256', $text, getenv('SECRET'), true));
}

echo tokenFor(
    ['id' => 'user-42', 'name' => 'Ada Byron'],
    $argv[1] ?? bin2hex(random_bytes(16)),
    (int) ($argv[2] ?? time() + 300)
), "\n";

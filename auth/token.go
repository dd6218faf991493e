package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"hash/crc32"
	"strings"
)

// A key reads odg_<id>_<secret><checksum>. The checksum is what lets a scanner
// for leaked secrets, and the gateway, tell a key from noise without asking
// anybody.
const (
	// Prefix begins every key that the gateway made.
	Prefix         = "odg_"
	idLength       = 10
	secretLength   = 32
	checksumLength = 6
	tokenLength    = len(Prefix) + idLength + 1 + secretLength + checksumLength

	// Keys that are older than the gateway have a form of their own.
	minLegacyToken = 20
	maxLegacyToken = 256
)

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// proof is what a token shows: which key it claims to be, and the hash that the
// store must hold for the claim to be true.
//
// The hash is SHA-256 and not a slow one, because there is nothing to guess: a
// secret has 190 random bits, and a slow hash would only slow down each request.
// A legacy key is as strong as whoever made it chose.
type proof struct {
	id     string
	hash   [sha256.Size]byte
	legacy bool
}

// newID returns the id of a new key.
func newID() string { return randomText(idLength) }

// newToken returns a token of the key with a new secret.
func newToken(id string) (string, proof) {
	secret := randomText(secretLength)
	body := Prefix + id + "_" + secret
	return body + checksum(body), proof{id: id, hash: sha256.Sum256([]byte(secret))}
}

// randomText returns n random characters of base62, all of them equally likely.
func randomText(n int) string {
	text := make([]byte, 0, n)
	var random [64]byte
	for {
		_, _ = rand.Read(random[:]) // never fails
		for _, b := range random {
			if b &= 63; int(b) < len(base62) {
				text = append(text, base62[b])
			}
			if len(text) == n {
				return string(text)
			}
		}
	}
}

// checksum returns the CRC-32 of a text in base62.
func checksum(text string) string {
	sum := crc32.ChecksumIEEE([]byte(text))
	var digits [checksumLength]byte
	for i := range digits {
		digits[checksumLength-1-i] = base62[sum%62]
		sum /= 62
	}
	return string(digits[:])
}

var (
	errNotAKey     = errors.New("the form is not that of a key")
	errBadChecksum = errors.New("the checksum does not fit")
)

// parseToken returns what a token shows. An error says that it cannot be a key.
func parseToken(token string) (proof, error) {
	if !strings.HasPrefix(token, Prefix) {
		return parseLegacy(token)
	}
	if len(token) != tokenLength || token[len(Prefix)+idLength] != '_' {
		return proof{}, errNotAKey
	}
	id := token[len(Prefix):][:idLength]
	body, sum := token[:tokenLength-checksumLength], token[tokenLength-checksumLength:]
	secret := body[len(body)-secretLength:]
	if !isBase62(id) || !isBase62(secret) {
		return proof{}, errNotAKey
	}
	if checksum(body) != sum {
		return proof{}, errBadChecksum
	}
	return proof{id: id, hash: sha256.Sum256([]byte(secret))}, nil
}

// parseLegacy makes an id of the hash, because the token has none that we know.
func parseLegacy(token string) (proof, error) {
	if len(token) < minLegacyToken || len(token) > maxLegacyToken {
		return proof{}, errNotAKey
	}
	for _, b := range []byte(token) {
		if b <= ' ' || b > '~' {
			return proof{}, errNotAKey
		}
	}
	hash := sha256.Sum256([]byte(token))
	var id [idLength]byte
	for i := range id {
		id[i] = base62[hash[i]%62]
	}
	return proof{id: string(id[:]), hash: hash, legacy: true}, nil
}

func isBase62(text string) bool {
	for _, b := range []byte(text) {
		if (b < '0' || b > '9') && (b < 'A' || b > 'Z') && (b < 'a' || b > 'z') {
			return false
		}
	}
	return true
}

package auth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"odoograph/odoo"
)

// sealer seals Odoo credentials with the operator's current secret and opens
// those sealed with it or with one of the secrets before it. A sealer of no
// secret does neither.
//
// A box is its version, the identifier of the secret, and what AES-256-GCM
// makes of the credential with a random nonce. The key's id is additional data:
// a box that is moved to another key does not open.
type sealer struct {
	keys []sealingKey // the current one first
}

type sealingKey struct {
	id   string
	aead cipher.AEAD
}

const (
	boxVersion      = 1
	sealingIDLength = 4
	boxHeader       = 1 + sealingIDLength
	minSecret       = 32
)

var errNoSecret = errors.New("an Odoo credential is kept sealed, which needs a secret of at least 32 characters: set ODOOGRAPH_SECRET or --secret-file, and keep the secret")

// newSealer derives the keys. The secret may be "" if there are none before it.
func newSealer(secret string, previous []string) (*sealer, error) {
	if secret == "" {
		if len(previous) > 0 {
			return nil, errors.New("there is a previous secret but no current one")
		}
		return &sealer{}, nil
	}
	s := &sealer{}
	for i, text := range append([]string{secret}, previous...) {
		which := "the secret"
		if i > 0 {
			which = fmt.Sprintf("previous secret %d", i)
		}
		if n := utf8.RuneCountInString(text); n < minSecret {
			return nil, fmt.Errorf("%s has %d characters, and at least %d are needed: make one with `openssl rand -base64 32`", which, n, minSecret)
		}
		key, err := deriveKey(text)
		if err != nil {
			return nil, err
		}
		s.keys = append(s.keys, key)
	}
	return s, nil
}

// CheckSecrets tells why Odoo credentials cannot be sealed with a secret, nil if
// they can. No secret at all is no fault as long as no key has a credential.
func CheckSecrets(secret string, previous []string) error {
	_, err := newSealer(secret, previous)
	return err
}

func deriveKey(secret string) (sealingKey, error) {
	id, err := hkdf.Key(sha256.New, []byte(secret), nil, "odoograph identifier of a secret", sealingIDLength)
	if err != nil {
		return sealingKey{}, err
	}
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "odoograph Odoo credential", 32)
	if err != nil {
		return sealingKey{}, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealingKey{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return sealingKey{id: string(id), aead: aead}, err
}

// seal closes the credential of a key with the current secret.
func (s *sealer) seal(keyID string, credential odoo.Credential) ([]byte, error) {
	if len(s.keys) == 0 {
		return nil, errNoSecret
	}
	plain, err := json.Marshal(credential)
	if err != nil {
		return nil, err
	}
	header := append([]byte{boxVersion}, s.keys[0].id...)
	return s.keys[0].aead.Seal(header, nil, plain, additional(header, keyID)), nil
}

// open returns the credential in the box of a key.
func (s *sealer) open(keyID string, box []byte) (odoo.Credential, error) {
	var credential odoo.Credential
	if len(box) < boxHeader || box[0] != boxVersion {
		return credential, fmt.Errorf("the Odoo credential of key %s has a form that is not known", keyID)
	}
	header, body := box[:boxHeader], box[boxHeader:]
	i := slices.IndexFunc(s.keys, func(k sealingKey) bool { return k.id == string(header[1:]) })
	if i < 0 {
		return credential, fmt.Errorf("the Odoo credential of key %s is sealed with secret %s, which is not configured", keyID, hex.EncodeToString(header[1:]))
	}
	plain, err := s.keys[i].aead.Open(nil, nil, body, additional(header, keyID))
	if err != nil {
		return credential, fmt.Errorf("the Odoo credential of key %s was changed since it was sealed: %w", keyID, err)
	}
	if err := json.Unmarshal(plain, &credential); err != nil {
		return odoo.Credential{}, fmt.Errorf("the Odoo credential of key %s is sealed but not readable", keyID)
	}
	return credential, nil
}

// additional is what a box is bound to besides its secret.
func additional(header []byte, keyID string) []byte { return slices.Concat(header, []byte(keyID)) }

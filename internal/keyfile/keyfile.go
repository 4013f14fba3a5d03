// Package keyfile reads and writes the text in which a secret key is kept: one line
// (sign.ParseSecret), or that line encrypted with a passphrase, as an armored file
// of age (age-encryption.org/v1, scrypt). Comment lines begin with #.
package keyfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"wgtup/sign"
)

// ErrPassphrase: the passphrase is not that of the key.
var ErrPassphrase = errors.New("wrong passphrase")

// maxSize bounds what is read of something that may be no key file at all.
const maxSize = 64 << 10

// workFactor is that of age itself: 256 MB of memory and about a second.
var workFactor = 18 // less in tests

// Encrypted reports whether a key needs a passphrase.
func Encrypted(content string) bool {
	return strings.HasPrefix(strings.TrimSpace(uncommented(content)), armor.Header)
}

// Parse reads a key. passphrase is asked for once, and only if it is needed. No
// error repeats anything of what was read.
func Parse(content string, passphrase func() (string, error)) (sign.Secret, error) {
	if len(content) > maxSize {
		return sign.Secret{}, fmt.Errorf("read secret key: %d bytes are no key", len(content))
	}
	if !Encrypted(content) {
		return sign.ParseSecret(content)
	}
	word, err := passphrase()
	if err != nil {
		return sign.Secret{}, err
	}
	identity, err := age.NewScryptIdentity(word)
	if err != nil {
		return sign.Secret{}, fmt.Errorf("read secret key: %w", ErrPassphrase)
	}
	identity.SetMaxWorkFactor(workFactor + 2)
	plain, err := age.Decrypt(armor.NewReader(strings.NewReader(strings.TrimSpace(uncommented(content)))), identity)
	if err != nil {
		var none *age.NoIdentityMatchError
		if errors.As(err, &none) {
			return sign.Secret{}, fmt.Errorf("read secret key: %w", ErrPassphrase)
		}
		return sign.Secret{}, errors.New("read secret key: the encrypted key is damaged")
	}
	text, err := io.ReadAll(io.LimitReader(plain, maxSize))
	if err != nil {
		return sign.Secret{}, errors.New("read secret key: the encrypted key is damaged")
	}
	return sign.ParseSecret(string(text))
}

// Text is a key file with a comment, encrypted unless the passphrase is "".
func Text(secret sign.Secret, comment, passphrase string) (string, error) {
	head := "# " + comment + "\n"
	if passphrase == "" {
		return head + secret.Text() + "\n", nil
	}
	to, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return "", fmt.Errorf("encrypt key: %w", err)
	}
	to.SetWorkFactor(workFactor)
	var out bytes.Buffer
	armored := armor.NewWriter(&out)
	plain, err := age.Encrypt(armored, to)
	if err == nil {
		_, err = io.WriteString(plain, secret.Text()+"\n")
	}
	if err == nil {
		err = plain.Close()
	}
	if err == nil {
		err = armored.Close()
	}
	if err != nil {
		return "", fmt.Errorf("encrypt key: %w", err)
	}
	return head + out.String(), nil
}

// uncommented is the content without its comment lines.
func uncommented(content string) string {
	var b strings.Builder
	for line := range strings.Lines(content) {
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			b.WriteString(line)
		}
	}
	return b.String()
}

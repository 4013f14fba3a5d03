package sign

import (
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Role says what a key may sign.
type Role string

const (
	Signing  Role = "signing"  // documents
	Recovery Role = "recovery" // the next key statement, never a document
)

// Pin is a public key with what an app must know of it.
type Pin struct {
	Role     Role
	Epoch    int64
	Key      ed25519.PublicKey
	Channels []string // sorted; none means every channel; only for signing keys
}

var channelName = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

// ID is the key id.
func (p Pin) ID() string { return KeyID(p.Key) }

// Signs reports whether the key may sign documents of a channel.
func (p Pin) Signs(channel string) bool {
	return p.Role == Signing && (len(p.Channels) == 0 || slices.Contains(p.Channels, channel))
}

// String is the text that ParsePin reads: what `wgtup init` prints for the app.
func (p Pin) String() string {
	s := fmt.Sprintf("%s:%d:%s", p.Role, p.Epoch, encodeBase64(p.Key))
	if len(p.Channels) > 0 {
		s += ":" + strings.Join(p.Channels, ",")
	}
	return s
}

// ParsePin reads a pin.
func ParsePin(text string) (Pin, error) {
	parts := strings.Split(text, ":")
	if len(parts) != 3 && len(parts) != 4 {
		return Pin{}, fmt.Errorf("read public key: want role:epoch:key, got %d parts", len(parts))
	}
	role, epoch, key, err := parseKey(parts[0], parts[1], parts[2], ed25519.PublicKeySize)
	if err != nil {
		return Pin{}, fmt.Errorf("read public key: %w", err)
	}
	p := Pin{Role: role, Epoch: epoch, Key: key}
	if len(parts) == 4 {
		p.Channels = strings.Split(parts[3], ",")
	}
	if err := p.check(); err != nil {
		return Pin{}, fmt.Errorf("read public key: %w", err)
	}
	return p, nil
}

func (p Pin) check() error {
	if p.Role != Signing && p.Role != Recovery {
		return fmt.Errorf("the role must be %s or %s", Signing, Recovery)
	}
	if p.Epoch < 0 {
		return fmt.Errorf("the epoch must be a whole number")
	}
	if len(p.Key) != ed25519.PublicKeySize {
		return fmt.Errorf("the key must be %d bytes", ed25519.PublicKeySize)
	}
	if weak(p.Key) {
		return fmt.Errorf("%s is no key: anyone can sign for it", encodeBase64(p.Key))
	}
	if len(p.Channels) > 0 && p.Role != Signing {
		return fmt.Errorf("only a signing key is bound to channels")
	}
	for i, c := range p.Channels {
		if !channelName.MatchString(c) || i > 0 && p.Channels[i-1] >= c {
			return fmt.Errorf("channels must be names in order, each once")
		}
	}
	return nil
}

// Secret is a private key. It is a function because fmt prints the bytes of
// anything else wherever it does not ask String: for some verbs, and in the
// unexported fields of other structs.
type Secret struct {
	Role  Role
	Epoch int64
	key   func() ed25519.PrivateKey
}

func secretOf(role Role, epoch int64, key ed25519.PrivateKey) Secret {
	return Secret{role, epoch, func() ed25519.PrivateKey { return key }}
}

const secretPrefix = "wgtup-secret"

// NewSecret makes a key from the system's random source.
func NewSecret(role Role, epoch int64) (Secret, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return Secret{}, fmt.Errorf("make %s key: %w", role, err)
	}
	return secretOf(role, epoch, key), nil
}

// Pin is the public side.
func (s Secret) Pin() Pin {
	return Pin{Role: s.Role, Epoch: s.Epoch, Key: s.key().Public().(ed25519.PublicKey)}
}

// Text is the content of a key file or environment variable. Keep it secret.
func (s Secret) Text() string {
	return fmt.Sprintf("%s:%s:%d:%s", secretPrefix, s.Role, s.Epoch, encodeBase64(s.key().Seed()))
}

// String never shows the key, so that no log can.
func (s Secret) String() string { return fmt.Sprintf("%s key %s", s.Role, s.Pin().ID()) }

// GoString is String.
func (s Secret) GoString() string { return s.String() }

// ParseSecret reads a key file: comment lines begin with #, one line holds the
// key. Its errors never repeat what was read.
func ParseSecret(text string) (Secret, error) {
	var line string
	for l := range strings.Lines(text) {
		l = strings.TrimSpace(l)
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		if line != "" {
			return Secret{}, fmt.Errorf("read secret key: more than one line")
		}
		line = l
	}
	parts := strings.Split(line, ":")
	if len(parts) != 4 || parts[0] != secretPrefix {
		return Secret{}, fmt.Errorf("read secret key: no line that begins with %s:", secretPrefix)
	}
	role, epoch, seed, err := parseKey(parts[1], parts[2], parts[3], ed25519.SeedSize)
	if err != nil {
		return Secret{}, fmt.Errorf("read secret key: %w", err)
	}
	return secretOf(role, epoch, ed25519.NewKeyFromSeed(seed)), nil
}

func parseKey(role, epoch, key string, size int) (Role, int64, []byte, error) {
	if Role(role) != Signing && Role(role) != Recovery {
		return "", 0, nil, fmt.Errorf("the role must be %s or %s", Signing, Recovery)
	}
	e, err := strconv.ParseInt(epoch, 10, 32)
	if err != nil || e < 0 || strconv.FormatInt(e, 10) != epoch {
		return "", 0, nil, fmt.Errorf("the epoch must be a whole number")
	}
	b, ok := decodeBase64(key)
	if !ok || len(b) != size {
		return "", 0, nil, fmt.Errorf("the key must be %d bytes in base64", size)
	}
	return Role(role), e, b, nil
}

package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"wgtup/sign"
)

// ChainFile holds, beside wgtup.yaml, how the keys came about. It is public.
const ChainFile = "wgtup.keys"

// ChainPath is where that file lies.
func (c *Config) ChainPath() string { return filepath.Join(filepath.Dir(c.Path), ChainFile) }

// Chain is how the keys of wgtup.yaml came about, up to them. Without a file it is
// the keys themselves while they are the first ones, and unknown (no sets) later.
func (c *Config) Chain() (sign.Chain, error) {
	pins, err := c.Pins()
	if err != nil {
		return sign.Chain{}, err
	}
	path := c.ChainPath()
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && pins.Epoch == 0:
		return sign.Chain{Sets: []sign.Set{pins}}, nil
	case errors.Is(err, fs.ErrNotExist):
		return sign.Chain{}, nil
	case err != nil:
		return sign.Chain{}, fmt.Errorf("read key chain: %w", err)
	}
	chain, err := sign.ParseChain(string(text), c.App)
	if err != nil {
		return sign.Chain{}, &Error{Where: path, Code: BadChain, Detail: err.Error()}
	}
	set, ok := chain.At(pins.Epoch)
	if !ok {
		return sign.Chain{}, &Error{Where: path, Code: BadChain, Detail: fmt.Sprintf("it ends with epoch %d, the keys of %s are of epoch %d", chain.Last().Epoch, c.where(), pins.Epoch)}
	}
	if set.Digest() != pins.Digest() {
		return sign.Chain{}, &Error{Where: path, Code: BadChain, Detail: fmt.Sprintf("its keys of epoch %d are not those of %s", pins.Epoch, c.where())}
	}
	return chain.UpTo(pins.Epoch), nil
}

package wgt

import (
	"bytes"
	"sync"

	"github.com/klauspost/compress/flate"
)

var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, 9)
	if err != nil {
		panic(err) // only for a level that does not exist
	}
	return w
}}

// deflate returns nil when it does not make the data smaller.
func deflate(raw []byte) []byte {
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	var packed bytes.Buffer
	w.Reset(&packed)
	w.Write(raw) // a bytes.Buffer does not fail
	w.Close()
	if packed.Len() >= len(raw) {
		return nil
	}
	return packed.Bytes()
}

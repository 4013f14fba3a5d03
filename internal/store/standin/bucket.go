// Package standin is what servers that stand in for a cloud's object storage in
// tests have in common: a bucket in memory with the documented ways to go wrong.
// Each stand-in adds its service's signature and the shape of its answers.
//
// Nothing but tests may import it.
package standin

import (
	"crypto/md5"
	"encoding/hex"
	"hash/crc64"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Bucket is a bucket and its owner's access key.
type Bucket struct {
	Name, Region      string
	ID, Secret, Token string // Token is that of a temporary key, "" for a lasting one

	// What may be wrong with it. Set before the first request.
	Skew          time.Duration // how far the service's clock is ahead of this machine's
	TokenExpired  bool
	PublicRead    bool // by a bucket policy
	BlockPublic   bool // public access is blocked: public ACLs are refused, a policy does not count
	IgnoreACL     bool // public ACLs are accepted and do nothing
	Versioning    bool // create-only writes are not honoured, silently
	MetadataLimit int  // bytes of names and values, 0 for none
	DropMetadata  bool
	LowerMetadata bool                                       // values lose their capitals
	Refuse        func(r *http.Request, key string) *Refusal // nil to go on

	mu       sync.Mutex
	objects  map[string]Object
	uploads  map[string]*Upload
	uploaded int
	asked    []string
}

// Object is what is stored under a key.
type Object struct {
	Body     []byte
	Header   http.Header // Content-Type, Cache-Control and the like
	Metadata map[string]string
	ETag     string // MD5 in lower-case hex
	CRC64    uint64
	Modified time.Time
	Public   bool
}

// Refusal is an error of the service.
type Refusal struct {
	Status  int
	Code    string
	Message string
	Detail  string // OSS: the EC
}

// Kept are the headers that an object keeps.
var Kept = []string{"Content-Type", "Cache-Control", "Expires", "Content-Disposition", "Content-Encoding"}

var ecma = crc64.MakeTable(crc64.ECMA)

// Now is the service's time.
func (b *Bucket) Now() time.Time { return time.Now().Add(b.Skew) }

// Make builds an object from a request's headers; metadata begins with prefix.
func (b *Bucket) Make(body []byte, h http.Header, prefix string, public bool) (Object, *Refusal) {
	sum := md5.Sum(body)
	o := Object{
		Body: body, Header: http.Header{}, Metadata: map[string]string{}, ETag: hex.EncodeToString(sum[:]),
		CRC64: crc64.Checksum(body, ecma), Modified: b.Now().UTC().Truncate(time.Second), Public: public && !b.IgnoreACL,
	}
	for _, name := range Kept {
		if v := h.Get(name); v != "" {
			o.Header.Set(name, v)
		}
	}
	total := 0
	for name, values := range h {
		if meta, ok := strings.CutPrefix(strings.ToLower(name), prefix); ok {
			o.Metadata[meta] = strings.Join(values, ",")
			if b.LowerMetadata {
				o.Metadata[meta] = strings.ToLower(o.Metadata[meta])
			}
			total += len(meta) + len(o.Metadata[meta])
		}
	}
	if b.MetadataLimit > 0 && total > b.MetadataLimit {
		return o, &Refusal{Status: 400, Code: "MetadataTooLarge", Message: "Your metadata headers exceed the maximum allowed metadata size."}
	}
	if b.DropMetadata {
		clear(o.Metadata)
	}
	return o, nil
}

// Put stores o. With create an existing key is left alone, and the answer is
// false.
func (b *Bucket) Put(key string, o Object, create bool) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, exists := b.objects[key]; exists && create && !b.Versioning {
		return false
	}
	if b.objects == nil {
		b.objects = map[string]Object{}
	}
	b.objects[key] = o
	return true
}

// PutIf stores o when the object's ETag is this one.
func (b *Bucket) PutIf(key string, o Object, etag string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if old, exists := b.objects[key]; !exists || old.ETag != etag {
		return false
	}
	b.objects[key] = o
	return true
}

// Get returns an object.
func (b *Bucket) Get(key string) (Object, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o, ok := b.objects[key]
	return o, ok
}

// Delete removes an object; the answer says whether there was one.
func (b *Bucket) Delete(key string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, ok := b.objects[key]
	delete(b.objects, key)
	return ok
}

// List returns up to limit keys with prefix behind after, and whether there are more.
func (b *Bucket) List(prefix, after string, limit int) (keys []string, more bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(b.objects)) {
		if strings.HasPrefix(key, prefix) && key > after {
			if len(keys) == limit {
				return keys, true
			}
			keys = append(keys, key)
		}
	}
	return keys, false
}

// MayRead reports whether anybody may read the object.
func (b *Bucket) MayRead(o Object) bool { return !b.BlockPublic && (b.PublicRead || o.Public) }

// Note remembers a request.
func (b *Bucket) Note(r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked = append(b.asked, r.Method)
}

// Asked returns the methods of the requests since the last call.
func (b *Bucket) Asked() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	asked := b.asked
	b.asked = nil
	return asked
}

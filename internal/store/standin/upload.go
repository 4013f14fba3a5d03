package standin

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"hash/crc64"
	"maps"
	"slices"
	"strings"
	"time"
)

// Upload is an upload in parts that has begun.
type Upload struct {
	Key   string
	ID    string
	Began time.Time
	Parts map[int]Object

	object Object // its headers
}

// Begin begins an upload of an object with the headers of o.
func (b *Bucket) Begin(key string, o Object) Upload {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.uploaded++
	u := &Upload{Key: key, ID: fmt.Sprintf("upload%d", b.uploaded), Began: b.Now().UTC().Truncate(time.Second), Parts: map[int]Object{}, object: o}
	if b.uploads == nil {
		b.uploads = map[string]*Upload{}
	}
	b.uploads[u.ID] = u
	return *u
}

// NoUpload is the refusal for an upload that is gone.
var NoUpload = &Refusal{Status: 404, Code: "NoSuchUpload", Message: "The specified multipart upload does not exist."}

func (b *Bucket) upload(key, id string) (*Upload, *Refusal) {
	if u := b.uploads[id]; u != nil && u.Key == key {
		return u, nil
	}
	return nil, NoUpload
}

// PutPart stores a part, replacing one of that number.
func (b *Bucket) PutPart(key, id string, number int, body []byte) (Object, *Refusal) {
	b.mu.Lock()
	defer b.mu.Unlock()
	u, refusal := b.upload(key, id)
	if refusal != nil {
		return Object{}, refusal
	}
	sum := md5.Sum(body)
	p := Object{Body: body, ETag: hex.EncodeToString(sum[:]), CRC64: crc64.Checksum(body, ecma), Modified: b.Now().UTC()}
	u.Parts[number] = p
	return p, nil
}

// Numbers returns the parts that are there, in order.
func (u Upload) Numbers() []int { return slices.Sorted(maps.Keys(u.Parts)) }

// Upload returns an upload.
func (b *Bucket) Upload(key, id string) (Upload, *Refusal) {
	b.mu.Lock()
	defer b.mu.Unlock()
	u, refusal := b.upload(key, id)
	if refusal != nil {
		return Upload{}, refusal
	}
	c := *u
	c.Parts = maps.Clone(u.Parts)
	return c, nil
}

// Part is one that the client names when it completes an upload.
type Part struct {
	Number int
	ETag   string
}

// Complete makes the named parts an object. more may change the object before it
// is stored. With create an existing key is left alone: exists.
func (b *Bucket) Complete(key, id string, parts []Part, create bool, exists *Refusal, more func(*Object)) (Object, *Refusal) {
	b.mu.Lock()
	u, refusal := b.upload(key, id)
	if refusal != nil {
		b.mu.Unlock()
		return Object{}, refusal
	}
	o := u.object
	o.Body = nil
	sums := md5.New()
	for _, p := range parts {
		have, ok := u.Parts[p.Number]
		if !ok || !strings.EqualFold(have.ETag, strings.Trim(p.ETag, `"`)) {
			b.mu.Unlock()
			return Object{}, &Refusal{Status: 400, Code: "InvalidPart", Message: "One or more of the specified parts could not be found."}
		}
		o.Body = append(o.Body, have.Body...)
		sum, _ := hex.DecodeString(have.ETag)
		sums.Write(sum)
	}
	b.mu.Unlock()
	o.ETag = fmt.Sprintf("%x-%d", sums.Sum(nil), len(parts))
	o.CRC64, o.Modified = crc64.Checksum(o.Body, ecma), b.Now().UTC().Truncate(time.Second)
	if more != nil {
		more(&o)
	}
	if !b.Put(key, o, create) {
		return Object{}, exists
	}
	b.Abort(key, id)
	return o, nil
}

// Abort forgets an upload; the answer says whether there was one.
func (b *Bucket) Abort(key, id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, refusal := b.upload(key, id)
	if refusal == nil {
		delete(b.uploads, id)
	}
	return refusal == nil
}

// Uploads returns up to limit uploads of keys with prefix behind the key and id
// of another, and whether there are more.
func (b *Bucket) Uploads(prefix, afterKey, afterID string, limit int) (found []Upload, more bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, u := range b.uploads {
		behind := u.Key > afterKey || u.Key == afterKey && afterID != "" && u.ID > afterID
		if strings.HasPrefix(u.Key, prefix) && behind {
			found = append(found, *u)
		}
	}
	slices.SortFunc(found, func(a, b Upload) int { return strings.Compare(a.Key+"\x00"+a.ID, b.Key+"\x00"+b.ID) })
	if len(found) > limit {
		return found[:limit], true
	}
	return found, false
}

package bostest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"wgtup/internal/store/standin"
)

var unmet = &standin.Refusal{Status: 412, Code: "PreconditionFailed", Message: "The specified condition was not met."}

// multipart answers what concerns uploads in parts; false is not one of those.
func (s *Server) multipart(w http.ResponseWriter, r *http.Request, key string, body []byte) (bool, *standin.Refusal) {
	q := r.URL.Query()
	id := q.Get("uploadId")
	switch {
	case r.Method == http.MethodGet && key == "" && q.Has("uploads"):
		s.uploads(w, r)
	case r.Method == http.MethodPost && q.Has("uploads"):
		o, refusal := s.make(r, nil)
		if refusal != nil {
			return true, refusal
		}
		reply(w, map[string]any{"bucket": s.Name, "key": key, "uploadId": s.Begin(key, o).ID})
	case id == "":
		return false, nil
	case r.Method == http.MethodPut:
		number, _ := strconv.Atoi(q.Get("partNumber"))
		p, refusal := s.PutPart(key, id, number, body)
		if refusal != nil {
			return true, refusal
		}
		w.Header().Set("ETag", `"`+p.ETag+`"`)
		w.Header().Set("x-bce-content-crc64ecma", strconv.FormatUint(p.CRC64, 10))
	case r.Method == http.MethodGet:
		u, refusal := s.Upload(key, id)
		if refusal != nil {
			return true, refusal
		}
		parts := []map[string]any{}
		for _, n := range u.Numbers() {
			parts = append(parts, map[string]any{"partNumber": n, "eTag": u.Parts[n].ETag, "size": len(u.Parts[n].Body), "lastModified": u.Parts[n].Modified.Format(time.RFC3339)})
		}
		reply(w, map[string]any{"uploadId": id, "isTruncated": false, "parts": parts})
	case r.Method == http.MethodPost:
		return true, s.complete(w, r, key, id, body)
	case r.Method == http.MethodDelete:
		if !s.Abort(key, id) {
			return true, standin.NoUpload
		}
		w.WriteHeader(http.StatusNoContent)
	}
	return true, nil
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	json.NewEncoder(w).Encode(v)
}

// complete takes the metadata, which belongs to the last step here.
func (s *Server) complete(w http.ResponseWriter, r *http.Request, key, id string, body []byte) *standin.Refusal {
	var asked struct {
		Parts []struct {
			PartNumber int    `json:"partNumber"`
			ETag       string `json:"eTag"`
		} `json:"parts"`
	}
	if err := json.Unmarshal(body, &asked); err != nil {
		return &standin.Refusal{Status: 400, Code: "MalformedJSON", Message: "The JSON you provided was not well-formed."}
	}
	var parts []standin.Part
	for _, p := range asked.Parts {
		parts = append(parts, standin.Part{Number: p.PartNumber, ETag: p.ETag})
	}
	o, refusal := s.Complete(key, id, parts, r.Header.Get("x-bce-forbid-overwrite") == "true" || r.Header.Get("If-None-Match") == "*", unmet, func(o *standin.Object) {
		o.Metadata = map[string]string{}
		for name, values := range r.Header {
			if m, ok := strings.CutPrefix(strings.ToLower(name), meta); ok {
				o.Metadata[m] = strings.Join(values, ",")
			}
		}
	})
	if refusal != nil {
		return refusal
	}
	reply(w, map[string]any{"bucket": s.Name, "key": key, "eTag": o.ETag})
	return nil
}

func (s *Server) uploads(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit, err := strconv.Atoi(q.Get("maxUploads"))
	if err != nil {
		limit = 1000
	}
	found, more := s.Uploads(q.Get("prefix"), q.Get("keyMarker"), "", limit)
	uploads := []map[string]any{}
	next := ""
	for _, u := range found {
		uploads = append(uploads, map[string]any{"key": u.Key, "uploadId": u.ID, "initiated": u.Began.Format(time.RFC3339)})
		next = u.Key
	}
	reply(w, map[string]any{"isTruncated": more, "nextKeyMarker": next, "uploads": uploads})
}

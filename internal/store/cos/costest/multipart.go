package costest

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"

	"wgtup/internal/store/standin"
)

const stamp = "2006-01-02T15:04:05.000Z"

var exists = &standin.Refusal{Status: 409, Code: "FileAlreadyExists", Message: "The object you specified already exists and can not be overwritten."}

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
		fmt.Fprintf(w, `<InitiateMultipartUploadResult><Bucket>%s</Bucket><Key>%s</Key><UploadId>%s</UploadId></InitiateMultipartUploadResult>`, s.Name, key, s.Begin(key, o).ID)
	case id == "":
		return false, nil
	case r.Method == http.MethodPut:
		number, _ := strconv.Atoi(q.Get("partNumber"))
		p, refusal := s.PutPart(key, id, number, body)
		if refusal != nil {
			return true, refusal
		}
		w.Header().Set("ETag", `"`+p.ETag+`"`)
		w.Header().Set("x-cos-hash-crc64ecma", strconv.FormatUint(p.CRC64, 10))
	case r.Method == http.MethodGet:
		return true, s.parts(w, r, key, id)
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

func (s *Server) parts(w http.ResponseWriter, r *http.Request, key, id string) *standin.Refusal {
	u, refusal := s.Upload(key, id)
	if refusal != nil {
		return refusal
	}
	after, _ := strconv.Atoi(r.URL.Query().Get("part-number-marker"))
	fmt.Fprintf(w, `<ListPartsResult><UploadId>%s</UploadId><IsTruncated>false</IsTruncated>`, id)
	for _, n := range u.Numbers() {
		if p := u.Parts[n]; n > after {
			fmt.Fprintf(w, `<Part><PartNumber>%d</PartNumber><ETag>"%s"</ETag><Size>%d</Size><LastModified>%s</LastModified></Part>`, n, p.ETag, len(p.Body), p.Modified.Format(stamp))
		}
	}
	fmt.Fprint(w, `</ListPartsResult>`)
	return nil
}

func (s *Server) complete(w http.ResponseWriter, r *http.Request, key, id string, body []byte) *standin.Refusal {
	var asked struct {
		Part []struct {
			PartNumber int
			ETag       string
		}
	}
	if err := xml.Unmarshal(body, &asked); err != nil {
		return &standin.Refusal{Status: 400, Code: "MalformedXML", Message: "The XML you provided was not well-formed."}
	}
	var parts []standin.Part
	for _, p := range asked.Part {
		parts = append(parts, standin.Part{Number: p.PartNumber, ETag: p.ETag})
	}
	o, refusal := s.Complete(key, id, parts, r.Header.Get("x-cos-forbid-overwrite") == "true", exists, nil)
	if refusal != nil {
		return refusal
	}
	w.Header().Set("x-cos-hash-crc64ecma", strconv.FormatUint(o.CRC64, 10))
	fmt.Fprintf(w, `<CompleteMultipartUploadResult><Bucket>%s</Bucket><Key>%s</Key><ETag>"%s"</ETag></CompleteMultipartUploadResult>`, s.Name, key, o.ETag)
	return nil
}

func (s *Server) uploads(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit, err := strconv.Atoi(q.Get("max-uploads"))
	if err != nil {
		limit = 1000
	}
	found, more := s.Uploads(q.Get("prefix"), q.Get("key-marker"), q.Get("upload-id-marker"), limit)
	fmt.Fprintf(w, `<ListMultipartUploadsResult><IsTruncated>%v</IsTruncated>`, more)
	if n := len(found); n > 0 {
		fmt.Fprintf(w, `<NextKeyMarker>%s</NextKeyMarker><NextUploadIdMarker>%s</NextUploadIdMarker>`, found[n-1].Key, found[n-1].ID)
	}
	for _, u := range found {
		fmt.Fprintf(w, `<Upload><Key>%s</Key><UploadId>%s</UploadId><Initiated>%s</Initiated></Upload>`, u.Key, u.ID, u.Began.Format(stamp))
	}
	fmt.Fprint(w, `</ListMultipartUploadsResult>`)
}

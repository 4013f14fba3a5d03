package s3_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"testing"
)

// TestShortPages: a service may answer with fewer keys than asked for although
// it has more. Our answer is short only at the end.
func TestShortPages(t *testing.T) {
	s := &service{}
	st := open(t, s)
	var want []string
	for n := range 7 {
		want = append(want, fmt.Sprint("k", n))
	}
	s.answer = func(w http.ResponseWriter, r *http.Request) bool {
		q := r.URL.Query()
		limit, err := strconv.Atoi(q.Get("max-keys"))
		if err != nil || limit > 1000 || q.Get("prefix") != "app/k" {
			t.Errorf("asked %s", r.URL.RawQuery)
		}
		left := want
		for len(left) > 0 && "app/"+left[0] <= q.Get("start-after") {
			left = left[1:]
		}
		page := left[:min(2, limit, len(left))]
		fmt.Fprintf(w, "<ListBucketResult><IsTruncated>%v</IsTruncated>", len(page) < len(left))
		for _, key := range page {
			fmt.Fprintf(w, "<Contents><Key>app/%s</Key><Size>1</Size></Contents>", key)
		}
		fmt.Fprint(w, "</ListBucketResult>")
		return true
	}
	for _, limit := range []int{1, 2, 3, 6, 7, 8, 5000} {
		found, err := st.List(t.Context(), "k", "", limit)
		var got []string
		for _, i := range found {
			got = append(got, i.Key)
		}
		if err != nil || !slices.Equal(got, want[:min(limit, len(want))]) {
			t.Errorf("%d: %q, %v", limit, got, err)
		}
	}
}

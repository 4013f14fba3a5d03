package bos_test

import (
	"errors"
	"net/http"
	"testing"

	"wgtup/internal/store"
	"wgtup/internal/store/bos"
	"wgtup/internal/store/bos/bostest"
	"wgtup/internal/store/standin"
	"wgtup/internal/store/storetest"
)

func TestBOS(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		s := bostest.Start(t)
		open := func() store.Driver {
			d, err := bos.New(bos.Config{Bucket: s.Name, Region: s.Region, Endpoint: s.URL, Env: s.Env})
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		return storetest.Harness{Driver: open(), Second: open(), Prefix: "my/app"}
	})
}

func TestService(t *testing.T) {
	storetest.RunService(t, func() storetest.Service {
		s := bostest.New()
		return storetest.Service{
			Bucket: &s.Bucket, Handler: s, Env: s.Env, URL: s.StoreURL, Public: s.PublicURL,
			Unsigned: []string{"user-agent", "accept-encoding", "cache-control"},
		}
	})
}

// TestExistsEitherWay: a refused create-only write is documented as 412 for one
// header and not at all for the other; 409 means the same.
func TestExistsEitherWay(t *testing.T) {
	for status, code := range map[int]string{412: "PreconditionFailed", 409: "ObjectAlreadyExists"} {
		s := bostest.Start(t)
		s.Refuse = func(*http.Request, string) *standin.Refusal {
			return &standin.Refusal{Status: status, Code: code, Message: "exists"}
		}
		st, err := store.Open(t.Context(), s.StoreURL(s.URL, "app"), s.Env)
		if err != nil {
			t.Fatal(err)
		}
		if err := st.WithRetry(storetest.Patience).Create(t.Context(), "key", nil, store.PutOptions{}); !errors.Is(err, store.ErrExists) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

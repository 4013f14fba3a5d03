package oss_test

import (
	"testing"

	"wgtup/internal/store"
	"wgtup/internal/store/oss"
	"wgtup/internal/store/oss/osstest"
	"wgtup/internal/store/storetest"
)

func TestOSS(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		s := osstest.Start(t)
		open := func() store.Driver {
			d, err := oss.New(oss.Config{Bucket: s.Name, Region: s.Region, Endpoint: s.URL, Env: s.Env})
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
		s := osstest.New()
		return storetest.Service{
			Bucket: &s.Bucket, Handler: s, Env: s.Env, URL: s.StoreURL, Public: s.PublicURL,
			// V4 covers neither the host nor what only concerns the connection.
			Unsigned: []string{"user-agent", "accept-encoding", "content-length", "cache-control", "date"},
		}
	})
}

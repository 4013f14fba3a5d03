package cos_test

import (
	"testing"

	"wgtup/internal/store"
	"wgtup/internal/store/cos"
	"wgtup/internal/store/cos/costest"
	"wgtup/internal/store/storetest"
)

func TestCOS(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		s := costest.Start(t)
		open := func() store.Driver {
			d, err := cos.New(cos.Config{Bucket: s.Name, Region: s.Region, Endpoint: s.URL, CNAME: true, Env: s.Env})
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
		s := costest.New()
		return storetest.Service{
			Bucket: &s.Bucket, Handler: s, Env: s.Env, URL: s.StoreURL, Public: s.PublicURL,
			Unsigned: []string{"user-agent", "accept-encoding"},
		}
	})
}

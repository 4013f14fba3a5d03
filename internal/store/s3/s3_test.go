package s3_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"wgtup/internal/store"
	"wgtup/internal/store/s3"
	"wgtup/internal/store/s3/s3test"
	"wgtup/internal/store/storetest"
)

var gateway *storetest.Gateway

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "versitygw")
	if err == nil {
		defer os.RemoveAll(folder)
		gateway, err = storetest.NewGateway(folder)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer gateway.Stop()
	return m.Run()
}

func TestS3(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		url, _ := gateway.Place()
		_, rest, _ := strings.Cut(url, "//")
		name, _, _ := strings.Cut(rest, "?")
		bucket, prefix, _ := strings.Cut(name, "/")
		open := func() store.Driver {
			d, err := s3.New(s3.Config{
				Bucket: bucket, Endpoint: gateway.Endpoint, Region: "us-east-1", PathStyle: true, Env: gateway.Env,
			})
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		return storetest.Harness{Driver: open(), Second: open(), Prefix: prefix, Keys: 60, NoNesting: true}
	})
}

func TestService(t *testing.T) {
	noProfile(t)
	storetest.RunService(t, func() storetest.Service {
		s := s3test.New()
		return storetest.Service{
			Bucket: &s.Bucket, Handler: s, Env: s.Env, URL: s.StoreURL, Public: s.PublicURL,
			// Not signed by the SDK, as Amazon allows.
			Unsigned: []string{"user-agent", "accept-encoding", "amz-sdk-invocation-id", "amz-sdk-request"},
		}
	})
}

package publish

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"wgtup/internal/store/storetest"
)

// TestMain makes the test binary a writer that kills itself, when it is asked to,
// and ends the S3 server that tests share.
func TestMain(m *testing.M) {
	if orders := os.Getenv("WGTUP_TEST_VICTIM"); orders != "" {
		fmt.Fprintln(os.Stderr, victim(orders))
		os.Exit(1)
	}
	code := m.Run()
	if stopGateway != nil {
		stopGateway()
	}
	os.Exit(code)
}

var stopGateway func()

// sharedGateway is one S3 server for all tests of the package.
var sharedGateway = sync.OnceValues(func() (*storetest.Gateway, error) {
	folder, err := os.MkdirTemp("", "wgtup-publish-")
	if err != nil {
		return nil, err
	}
	g, err := storetest.NewGateway(folder)
	if err != nil {
		os.RemoveAll(folder)
		return nil, err
	}
	stopGateway = func() { g.Stop(); os.RemoveAll(folder) }
	return g, nil
})

func s3Gateway(t testing.TB) *storetest.Gateway {
	t.Helper()
	g, err := sharedGateway()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

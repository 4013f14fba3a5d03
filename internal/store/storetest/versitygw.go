package storetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

const (
	install = "go install github.com/versity/versitygw/cmd/versitygw@v1.8.0"
	region  = "us-east-1"
	bucket  = "wgtup-test"
	policy  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["*"]},"Action":["s3:GetObject"],"Resource":["arn:aws:s3:::` + bucket + `/*"]}]}`
)

// Gateway is a running S3 service on the loopback interface, with one bucket
// that anybody may read.
type Gateway struct {
	Endpoint    string // http://127.0.0.1:port
	id, secret  string
	stop        func()
	mu          sync.Mutex
	prefixCount int
}

// StartGateway starts versitygw; a test that cannot have it fails. It ends with
// the test.
func StartGateway(t testing.TB) *Gateway {
	t.Helper()
	g, err := NewGateway(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Stop)
	return g
}

// NewGateway starts versitygw with its data in folder, for TestMain: one service
// is enough for a package. The binary is $WGTUP_VERSITYGW, or versitygw in the
// PATH or where go install puts it. Call Stop.
func NewGateway(folder string) (*Gateway, error) {
	binary, err := findGateway()
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"data", "iam"} {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o755); err != nil {
			return nil, fmt.Errorf("start versitygw: %w", err)
		}
	}
	g := &Gateway{id: strings.ToLower(rand.Text()), secret: rand.Text()}
	// Between finding a free port and using it somebody else may take it.
	for range 5 {
		if err = g.start(binary, folder); err == nil {
			break
		}
	}
	if err != nil {
		return nil, fmt.Errorf("start versitygw: %w", err)
	}
	if err := g.makeBucket(); err != nil {
		g.Stop()
		return nil, fmt.Errorf("start versitygw: %w", err)
	}
	return g, nil
}

func findGateway() (string, error) {
	if path := os.Getenv("WGTUP_VERSITYGW"); path != "" {
		return path, nil
	}
	if path, err := exec.LookPath("versitygw"); err == nil {
		return path, nil
	}
	if out, err := exec.Command("go", "env", "GOPATH").Output(); err == nil {
		path := filepath.Join(strings.TrimSpace(string(out)), "bin", "versitygw")
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("versitygw, the S3 service of the tests, is missing; install it with: %s", install)
}

// start runs the process on a free port and waits until it answers.
func (g *Gateway) start(binary, folder string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	address := l.Addr().String()
	l.Close()

	var output bytes.Buffer
	c := exec.Command(binary, "--port", address, "--region", region, "--quiet",
		"--iam-dir", filepath.Join(folder, "iam"), "posix", filepath.Join(folder, "data"))
	c.Env = append(os.Environ(), "ROOT_ACCESS_KEY_ID="+g.id, "ROOT_SECRET_ACCESS_KEY="+g.secret)
	c.Dir, c.Stdout, c.Stderr = folder, &output, &output
	if err := c.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() { c.Wait(); close(ended) }()
	g.stop = func() { c.Process.Kill(); <-ended }
	g.Endpoint = "http://" + address

	deadline := time.After(30 * time.Second)
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, 200*time.Millisecond) {
		if resp, err := http.Get(g.Endpoint); err == nil {
			resp.Body.Close()
			return nil
		}
		select {
		case <-ended:
			return fmt.Errorf("it ended: %s", output.Bytes())
		case <-deadline:
			g.stop()
			return fmt.Errorf("it does not answer: %s", output.Bytes())
		case <-time.After(pause):
		}
	}
}

// Stop ends the process.
func (g *Gateway) Stop() { g.stop() }

func (g *Gateway) makeBucket() error {
	c := s3.New(s3.Options{
		BaseEndpoint: &g.Endpoint, Region: region, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(g.id, g.secret, ""),
	})
	ctx := context.Background()
	_, err := c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: aws.String(bucket)})
	_, policyErr := c.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: aws.String(bucket), Policy: aws.String(policy)})
	return errors.Join(err, policyErr)
}

// Env is the environment that holds the access key.
func (g *Gateway) Env(name string) string {
	switch name {
	case "AWS_ACCESS_KEY_ID":
		return g.id
	case "AWS_SECRET_ACCESS_KEY":
		return g.secret
	}
	return ""
}

// Place returns the URL of an empty store in the bucket, and the public base URL
// under which anybody can read it.
func (g *Gateway) Place() (storeURL, publicURL string) {
	g.mu.Lock()
	g.prefixCount++
	prefix := fmt.Sprintf("place%d", g.prefixCount)
	g.mu.Unlock()
	return fmt.Sprintf("s3://%s/%s?endpoint=%s&region=%s", bucket, prefix, g.Endpoint, region),
		fmt.Sprintf("%s/%s/%s", g.Endpoint, bucket, prefix)
}

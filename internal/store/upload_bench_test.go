package store_test

import (
	"bytes"
	"context"
	"fmt"
	"hash/crc64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"

	alibaba "github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	"github.com/aws/aws-sdk-go-v2/aws"
	amazon "github.com/aws/aws-sdk-go-v2/service/s3"
	baidu "github.com/baidubce/bce-sdk-go/services/bos"
	tencent "github.com/tencentyun/cos-go-sdk-v5"

	"wgtup/internal/store"
)

// BenchmarkUpload puts 5 MiB through a driver and through the vendor's SDK as it
// comes, in turns, to a server that only reads. "ratio" is that of the medians;
// 1.2 is what may be. Run it with -benchtime 25x.
func BenchmarkUpload(b *testing.B) {
	body := bytes.Repeat([]byte("0123456789abcdef"), 5<<20/16)
	sum := fmt.Sprint(crc64.Checksum(body, crc64.MakeTable(crc64.ECMA)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		for _, vendor := range []string{"x-oss-hash-crc64ecma", "x-cos-hash-crc64ecma", "x-bce-content-crc64ecma"} {
			w.Header().Set(vendor, sum)
		}
		w.Header().Set("ETag", `"x"`)
	}))
	defer server.Close()
	env := func(name string) string {
		return map[string]string{"OSS_ACCESS_KEY_ID": "ak", "OSS_ACCESS_KEY_SECRET": "sk", "TENCENTCLOUD_SECRET_ID": "ak", "TENCENTCLOUD_SECRET_KEY": "sk",
			"BCE_ACCESS_KEY_ID": "ak", "BCE_SECRET_ACCESS_KEY": "sk", "AWS_ACCESS_KEY_ID": "ak", "AWS_SECRET_ACCESS_KEY": "sk"}[name]
	}
	ctx := context.Background()
	oss := alibaba.NewClient(alibaba.LoadDefaultConfig().WithRegion("cn-hangzhou").WithEndpoint(server.URL).
		WithCredentialsProvider(credentials.NewStaticCredentialsProvider("ak", "sk")))
	address, err := url.Parse(server.URL)
	if err != nil {
		b.Fatal(err)
	}
	cos := tencent.NewClient(&tencent.BaseURL{BucketURL: address}, &http.Client{Transport: &tencent.AuthorizationTransport{SecretID: "ak", SecretKey: "sk"}})
	bos, err := baidu.NewClient("ak", "sk", server.URL)
	if err != nil {
		b.Fatal(err)
	}
	s3 := amazon.New(amazon.Options{Region: "us-east-1", BaseEndpoint: &server.URL, UsePathStyle: true,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "ak", SecretAccessKey: "sk"}, nil
		})})
	for _, vendor := range []struct {
		name, url string
		bare      func() error
	}{
		{"oss", "oss://bucket/app?region=cn-hangzhou&endpoint=" + server.URL, func() error {
			_, err := oss.PutObject(ctx, &alibaba.PutObjectRequest{Bucket: alibaba.Ptr("bucket"), Key: alibaba.Ptr("app/key"), Body: bytes.NewReader(body)})
			return err
		}},
		{"cos", "cos://bucket-125/app?region=x&cname=true&endpoint=" + server.URL, func() error {
			_, err := cos.Object.Put(ctx, "app/key", bytes.NewReader(body), nil)
			return err
		}},
		{"bos", "bos://bucket/app?endpoint=" + server.URL, func() error {
			_, err := bos.PutObjectFromStream("bucket", "app/key", bytes.NewReader(body), nil)
			return err
		}},
		{"s3", "s3://bucket/app?region=us-east-1&endpoint=" + server.URL, func() error {
			_, err := s3.PutObject(ctx, &amazon.PutObjectInput{Bucket: aws.String("bucket"), Key: aws.String("app/key"), Body: bytes.NewReader(body)})
			return err
		}},
	} {
		b.Run(vendor.name, func(b *testing.B) {
			st, err := store.Open(ctx, vendor.url, env)
			if err != nil {
				b.Fatal(err)
			}
			ours := func() error { return st.PutBytes(ctx, "key", body, store.PutOptions{}) }
			var times [2][]time.Duration
			for range b.N {
				for i, put := range []func() error{ours, vendor.bare} {
					start := time.Now()
					if err := put(); err != nil {
						b.Fatal(err)
					}
					times[i] = append(times[i], time.Since(start))
				}
			}
			for i := range times {
				slices.Sort(times[i])
			}
			mine, bare := times[0][b.N/2], times[1][b.N/2]
			b.ReportMetric(float64(mine)/float64(bare), "ratio")
			b.ReportMetric(float64(mine.Microseconds())/1000, "ms")
			b.ReportMetric(float64(bare.Microseconds())/1000, "bare-ms")
		})
	}
}

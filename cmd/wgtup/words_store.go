package main

import (
	"context"
	"errors"
	"net"
	"strings"

	"wgtup/internal/store"
)

// storeWords are for what a storage service refuses.
func storeWords(err error) *failure {
	var u *store.URLError
	if errors.As(err, &u) {
		return usage(text{"bad store URL: %v", "存储地址有误：%v"}, u).
			hint(text{"--store dir:PATH or --store 's3://bucket/prefix?endpoint=https://…&region=…'", "--store dir:路径 或 --store 's3://bucket/prefix?endpoint=https://…&region=…'"})
	}
	var e *store.Error
	if !errors.As(err, &e) {
		return nil
	}
	if errors.Is(err, context.Canceled) {
		return interrupted
	}
	var network *net.OpError
	if e.Status == 0 && errors.As(err, &network) {
		return fault(exitStore, "store-unreachable", text{"the store cannot be reached: %v", "无法连接存储：%v"}, network).
			hint(text{"check the network, and endpoint and region in the store URL; then run the command again, it continues where it stopped",
				"请检查网络以及存储地址里的 endpoint 和 region，然后重新执行，它会接着做完"})
	}
	f := fault(exitStore, "store", text{"the store refused or did not answer: %v", "存储拒绝或没有响应：%v"}, e)
	if e.Code != "" {
		f.facts = map[string]any{"code": e.Code, "status": e.Status}
	}
	switch e.Code {
	case "NoCredentials":
		f.what, f.args = text{"no access key for the store", "没有存储的访问密钥"}, nil
		return f.hint(text{"set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE", "请设置 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY，或 AWS_PROFILE"})
	case "NoSuchBucket":
		return f.hint(text{"check the bucket name and region in the store URL, or create the bucket", "请检查存储地址里的桶名和地域，或先创建存储桶"})
	case "SignatureDoesNotMatch":
		return f.hint(text{"the secret key is wrong, or this machine's clock is", "密钥不对，或本机时间不准"})
	case "InvalidAccessKeyId":
		return f.hint(text{"the access key id is wrong: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY", "访问密钥 ID 不对：AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY"})
	case "RequestTimeTooSkewed":
		return f.hint(text{"set this machine's clock right", "请校准本机时间"})
	}
	switch {
	case errors.Is(err, store.ErrNotFound) && strings.Contains(e.Key, "/journal/"):
		return f.hint(text{"an entry of the journal is lost: wgtup repair puts it back if release.json is its copy; otherwise restore it from the public URL or a backup",
			"journal 丢了一条记录：如果 release.json 是它的副本，wgtup repair 会放回去；否则请从公网地址或备份恢复"})
	case errors.Is(err, store.ErrDenied):
		return f.hint(text{"is AWS_ACCESS_KEY_ID set, and is it the right key? it needs get and put on the prefix", "设置了 AWS_ACCESS_KEY_ID 吗？密钥对吗？它需要对该前缀的读和写"})
	case errors.Is(err, store.ErrUnknown):
		return f.hint(text{"nobody knows whether it was written: run the command again, it continues where it stopped", "无法确定是否已写入：重新执行即可，它会接着做完"})
	case errors.Is(err, store.ErrUnavailable):
		return f.hint(text{"check the network and the endpoint, then run the command again", "请检查网络和 endpoint，然后重新执行"})
	}
	return f
}

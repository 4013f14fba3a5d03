package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"wgtup/internal/config"
	"wgtup/internal/publish"
	"wgtup/ipa"
	"wgtup/release"
	"wgtup/wgt"
)

// publishFull offers an apk, an ipa or the link of a store, and registers what the package ships.
func (u *ui) publishFull(ctx context.Context, conf *config.Config, path string, f publishFlags) error {
	rollout, mode, err := f.check()
	if err != nil {
		return err
	}
	if mode == release.Silent {
		return silentFull()
	}
	testers, err := readTesters(f.testers)
	if err != nil {
		return err
	}
	if conf.App == "" && testers != nil {
		return usage(text{"no appid", "没有指定 appid"}).hint(text{"wgtup init, or --app __UNI__…", "wgtup init，或 --app __UNI__…"})
	}
	rollout.Testers = publish.TesterHashes(conf.App, testers)
	a := publish.FullAddition{Mode: mode, Rollout: rollout, Notes: noteTexts(f.notes, f.notesZh), Given: f.given, Offer: release.Offer{Store: f.links}}
	if path == "" {
		if err := f.storeOnly(&a); err != nil {
			return err
		}
		return u.offer(ctx, conf, f, a, nil)
	}
	src, err := readFull(path)
	if err != nil {
		return err
	}
	defer src.close()
	if err := f.fromFull(&a, src.full); err != nil {
		return err
	}
	var uploads []publish.Upload
	var pack *packed
	if src.tree != nil {
		if err := src.check(path); err != nil {
			return err
		}
		u.showWarnings(src.report)
		if err := sameApp(conf, src.report.Manifest); err != nil {
			return err
		}
		if pack, err = packSource(src, wgt.Best); err != nil {
			return err
		}
		defer pack.remove()
		base := f.baseAddition(src.full, pack, []string{src.full.Platform})
		a.Base = &base
		uploads = append(uploads, pack.upload())
	}
	d, err := digests(path)
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	a.Package = &release.Package{Size: d.Size, SHA256: d.SHA256, SHA1: d.SHA1}
	own := publish.Upload{Key: release.PackageKey(d.SHA256, "apk"), Size: d.Size, SHA256: d.SHA256, Type: publish.APKType, Open: func() (io.ReadSeekCloser, error) { return os.Open(path) }}
	if a.Platform == release.IOS {
		own.Key, own.Type = release.PackageKey(d.SHA256, "ipa"), publish.PackageType
		plist, err := u.downloadManifest(conf, own.Key, src)
		if err != nil {
			return err
		}
		a.Offer.Plist = plist.url
		uploads = append(uploads, plist.Upload)
	}
	return u.offer(ctx, conf, f, a, append(uploads, own))
}

func silentFull() *failure {
	return usage(text{"--mode silent is for hot updates: nobody can install a full package unasked", "--mode silent 只用于热更新：整包无法静默安装"}).hint(text{"--mode prompt or force", "--mode prompt 或 force"})
}

func (u *ui) offer(ctx context.Context, conf *config.Config, f publishFlags, a publish.FullAddition, uploads []publish.Upload) error {
	p, err := u.publisherFor(ctx, conf, f.channel, true)
	if err != nil {
		return err
	}
	p.Message = f.message
	return u.change(ctx, p, publish.AddFull(a), uploads, changeOptions{dryRun: f.dryRun, requireChange: f.requireChange})
}

// fromFull takes what the package says of itself.
func (f *publishFlags) fromFull(a *publish.FullAddition, full *fullPackage) error {
	if len(f.platforms) > 0 && (len(f.platforms) > 1 || f.platforms[0] != full.Platform) {
		return usage(text{"this package is for %s, not for %s", "这个安装包适用于 %s，而不是 %s"}, full.Platform, strings.Join(f.platforms, ", ")).hint(text{"leave --platform out", "去掉 --platform"})
	}
	if profile := full.Profile; full.Platform == release.IOS && (profile == nil || profile.Kind == string(ipa.Store) || profile.Kind == string(ipa.Development)) {
		return fault(exitRefused, "not-for-download", text{"this ipa is signed for the App Store or for development: users cannot install it from a link", "这个 ipa 是为 App Store 或开发签名的：用户无法通过链接安装"}).
			hint(text{"offer the App Store: wgtup publish --link https://apps.apple.com/app/id… -p ios --native %s --native-code %d", "请提供 App Store 链接：wgtup publish --link https://apps.apple.com/app/id… -p ios --native %s --native-code %d"}, full.VersionName, full.native.Code).
			hint(text{"and register what it ships: wgtup publish --base FILE", "并登记它自带的资源：wgtup publish --base 文件"})
	}
	a.Platform, a.Version, a.Identifier, a.Certificates = full.Platform, full.native, full.ID, full.certificates()
	if f.native != "" {
		a.Version = release.Version{Name: f.native, Code: f.nativeCode}
	}
	if len(full.Certificates) > 0 {
		a.Offer.Certificate = full.Certificates[0].SHA256
	}
	return nil
}

// storeOnly is a link without a package.
func (f *publishFlags) storeOnly(a *publish.FullAddition) error {
	switch {
	case len(f.platforms) != 1:
		return usage(text{"--link needs one platform: a store has one", "--link 需要指定一个平台：一个商店只对应一个"}).hint(text{"-p android, -p ios or -p harmony", "-p android、-p ios 或 -p harmony"})
	case f.native == "":
		return usage(text{"which version is in the store?", "商店里是哪个版本？"}).hint(text{"--native 2.0.0 --native-code 200", "--native 2.0.0 --native-code 200"})
	}
	a.Platform, a.Version = f.platforms[0], release.Version{Name: f.native, Code: f.nativeCode}
	return nil
}

// checkLinks: what a phone opens is a web address or that of a store's app.
func (f *publishFlags) checkLinks() error {
	for _, link := range f.links {
		u, err := url.Parse(link)
		if err != nil || u.Scheme == "" || u.Scheme == "http" || u.Scheme == "javascript" || u.Scheme == "file" || u.Scheme == "https" && u.Host == "" {
			return usage(text{"bad link %q", "链接 %q 有误"}, link).hint(text{"give https://…, market://details?id=… or itms-apps://…", "请给出 https://…、market://details?id=… 或 itms-apps://…"})
		}
	}
	return nil
}

// baseAddition registers the resources of a build or of the package that ships them.
func (f *publishFlags) baseAddition(full *fullPackage, pack *packed, platforms []string) publish.BaseAddition {
	v := pack.version()
	b := publish.BaseAddition{Fingerprint: pack.fingerprint, Runtime: pack.runtime, Source: pack.source, Version: v, Package: pack.document()}
	if full != nil {
		v, b.Identifier = full.native, full.ID
		if len(full.Certificates) > 0 {
			b.Certificate = full.Certificates[0].SHA256
		}
	}
	b.Natives = f.natives(platforms, v)
	return b
}

type addressed struct {
	publish.Upload
	url string
}

// downloadManifest is the file that iOS asks for before the package; it holds full addresses.
func (u *ui) downloadManifest(conf *config.Config, key string, src *source) (addressed, error) {
	if len(conf.PublicURL) == 0 || !strings.HasPrefix(conf.PublicURL[0], "https://") {
		return addressed{}, usage(text{"iOS installs from https only, and there is no public URL with https", "iOS 只从 https 安装，而没有配置 https 的公网地址"}).hint(text{"--public-url https://cdn.example.com/my-app", "--public-url https://cdn.example.com/my-app"})
	}
	root := strings.TrimSuffix(conf.PublicURL[0], "/") + "/"
	title := src.full.Name
	if title == "" {
		title = src.full.ID
	}
	body, err := ipa.DownloadManifest(root+key, src.full.ID, src.full.VersionName, title)
	if err != nil {
		return addressed{}, err
	}
	sum := sha256.Sum256(body)
	digest := hex.EncodeToString(sum[:])
	plist := release.PackageKey(digest, "plist")
	return addressed{publish.Upload{Key: plist, Size: int64(len(body)), SHA256: digest, Type: publish.PlistType,
		Open: func() (io.ReadSeekCloser, error) { return readSeekNopCloser{bytes.NewReader(body)}, nil }}, root + plist}, nil
}

type readSeekNopCloser struct{ io.ReadSeeker }

func (readSeekNopCloser) Close() error { return nil }

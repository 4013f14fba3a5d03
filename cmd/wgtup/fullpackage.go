package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"wgtup/apk"
	"wgtup/ipa"
	"wgtup/release"
	"wgtup/wgt"
)

// fullPackage is what an apk or ipa says of itself.
type fullPackage struct {
	Platform      string          `json:"platform"`
	ID            string          `json:"id"` // package name, bundle identifier
	Name          string          `json:"name,omitempty"`
	VersionName   string          `json:"versionName"`
	VersionCode   string          `json:"versionCode"`
	MinSDK        string          `json:"minSdk"`
	TargetSDK     string          `json:"targetSdk,omitempty"`
	Permissions   []string        `json:"permissions"`
	Architectures []string        `json:"architectures"`
	Plugins       []string        `json:"plugins"`
	Schemes       []string        `json:"schemes,omitempty"` // of the signatures of an apk
	Certificates  []signer        `json:"certificates,omitempty"`
	Profile       *ipaProfile     `json:"profile,omitempty"`
	native        release.Version // as phones tell it
	apps          []embedded
}

type signer struct {
	SHA256  string    `json:"sha256"`
	Subject string    `json:"subject"`
	Expires time.Time `json:"expires"`
}

type ipaProfile struct {
	Kind    string    `json:"kind"` // enterprise, ad-hoc, development, app-store
	Name    string    `json:"name"`
	Team    string    `json:"team"`
	Expires time.Time `json:"expires"`
	Devices int       `json:"devices"`
}

// embedded is the resources of an app in the package.
type embedded struct {
	id    string
	files fs.FS
}

// isFullPackage tells by the name, as phones do.
func isFullPackage(path string) bool {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".apk", ".ipa", ".aab", ".hap", ".app":
		info, err := os.Stat(path)
		return err == nil && !info.IsDir()
	}
	return false
}

// readFull opens an apk or ipa; its tree is that of the resources inside.
func readFull(path string) (*source, error) {
	kind := strings.ToLower(filepath.Ext(path))
	if kind == ".hap" || kind == ".app" {
		return nil, fault(exitRefused, "unsupported-package", text{"%s: packages of HarmonyOS are not read", "%s：不读取 HarmonyOS 的安装包"}, path).
			hint(text{"register the build that went into it: wgtup publish -p harmony --base dist/build/app-harmony", "请登记它所用的构建：wgtup publish -p harmony --base dist/build/app-harmony"})
	}
	if kind == ".aab" {
		return nil, notInstallable(path, apk.ErrBundle)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open source: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("open source: %w", err)
	}
	var p *fullPackage
	if kind == ".ipa" {
		p, err = readIPA(f, info.Size())
	} else {
		p, err = readAPK(f, info.Size())
	}
	if err != nil {
		f.Close()
		return nil, notInstallable(path, err)
	}
	s := &source{path: path, full: p, close: func() { f.Close() }}
	if len(p.apps) > 0 {
		if s.tree, err = wgt.ReadDir(p.apps[0].files); err != nil {
			f.Close()
			return nil, notInstallable(path, err)
		}
	}
	return s, nil
}

func readAPK(f *os.File, size int64) (*fullPackage, error) {
	a, err := apk.Open(f, size)
	if err != nil {
		return nil, err
	}
	s, err := a.Signing()
	if err != nil {
		return nil, err
	}
	p := &fullPackage{
		Platform: release.Android, ID: a.ID, VersionName: a.VersionName, VersionCode: strconv.FormatInt(a.VersionCode, 10),
		MinSDK: strconv.FormatInt(a.MinSDK, 10), TargetSDK: strconv.FormatInt(a.TargetSDK, 10),
		Permissions: list(a.Permissions), Architectures: list(a.ABIs), Plugins: list(a.Plugins), Schemes: s.Schemes,
		native: release.Version{Name: a.VersionName, Code: a.VersionCode},
	}
	for _, c := range s.Certificates {
		p.Certificates = append(p.Certificates, signer{c.SHA256, c.Subject, c.Expires})
	}
	for _, app := range a.Apps {
		p.apps = append(p.apps, embedded{app.ID, app.Files})
	}
	return p, nil
}

func readIPA(f *os.File, size int64) (*fullPackage, error) {
	i, err := ipa.Open(f, size)
	if err != nil {
		return nil, err
	}
	p := &fullPackage{
		Platform: release.IOS, ID: i.ID, Name: i.Name, VersionName: i.VersionName, VersionCode: i.VersionCode, MinSDK: i.MinimumOS,
		Permissions: list(i.Permissions), Architectures: list(i.Architectures), Plugins: list(i.Plugins),
		native: release.Version{Name: i.VersionName, Code: i.Code()},
	}
	if i.Profile != nil {
		p.Profile = &ipaProfile{string(i.Profile.Kind), i.Profile.Name, i.Profile.Team, i.Profile.Expires, i.Profile.Devices}
		if !i.Profile.Fits(i.ID) {
			return nil, fmt.Errorf("the provisioning profile is for %s, the app is %s", i.Profile.App, i.ID)
		}
	}
	for _, app := range i.Apps {
		p.apps = append(p.apps, embedded{app.ID, app.Files})
	}
	return p, nil
}

// list is never null in JSON.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func (p *fullPackage) certificates() []string {
	var all []string
	for _, c := range p.Certificates {
		all = append(all, c.SHA256)
	}
	return all
}

// notInstallable words why a file is no package that phones install.
func notInstallable(path string, err error) *failure {
	f := fault(exitRefused, "bad-package", text{"%s: %v", "%s：%v"}, path, err)
	switch {
	case errors.Is(err, apk.ErrBundle):
		return fault(exitRefused, "unsupported-package", text{"%s is an Android App Bundle (aab): it is for Google Play, phones cannot install it", "%s 是 Android App Bundle（aab）：只能上传到 Google Play，手机无法直接安装"}, path).
			hint(text{"give the apk; or publish the link of the store: wgtup publish --store-link https://play.google.com/store/apps/details?id=…", "请给出 apk；或发布商店链接：wgtup publish --store-link https://play.google.com/store/apps/details?id=…"})
	case errors.Is(err, apk.ErrUnsigned):
		return fault(exitRefused, "unsigned", text{"%s is not signed: phones refuse to install it", "%s 没有签名：手机会拒绝安装"}, path).
			hint(text{"sign it first: apksigner sign --ks KEYSTORE %s", "请先签名：apksigner sign --ks 密钥库 %s"}, path)
	case errors.Is(err, apk.ErrDamaged):
		return fault(exitRefused, "damaged", text{"%s was changed after it was signed, or came incomplete: phones refuse to install it", "%s 在签名后被改动，或下载不完整：手机会拒绝安装"}, path).
			hint(text{"take it from the build once more, and sign last", "请从构建重新获取，并把签名放在最后一步"})
	case errors.Is(err, apk.ErrSplit):
		return fault(exitRefused, "unsupported-package", text{"%s is a part of an app (split apk): it cannot be installed by itself", "%s 是拆分的 apk（split）：不能单独安装"}, path).
			hint(text{"build one universal apk", "请构建一个通用 apk"})
	}
	return f.hint(text{"is it the signed package that the build made? wgtup inspect reads apk and ipa files", "这是构建产生的已签名安装包吗？wgtup inspect 可读取 apk 和 ipa 文件"})
}

// showFull prints what an apk or ipa says of itself.
func (u *ui) showFull(p *fullPackage) {
	u.say(text{"  package       %s %s (%s), %s", "  安装包        %s %s（%s），%s"}, p.ID, p.VersionName, p.VersionCode, p.Platform)
	if p.TargetSDK != "" {
		u.say(text{"  systems       from API level %s, made for %s", "  系统          最低 API %s，目标 %s"}, p.MinSDK, p.TargetSDK)
	} else {
		u.say(text{"  systems       from iOS %s", "  系统          最低 iOS %s"}, orDash(p.MinSDK))
	}
	u.say(text{"  architectures %s", "  架构          %s"}, orDash(strings.Join(p.Architectures, ", ")))
	for _, c := range p.Certificates {
		u.say(text{"  certificate   %s (%s), signed by %s", "  证书          %s（%s），签名者 %s"}, c.SHA256, strings.Join(p.Schemes, ", "), c.Subject)
	}
	if p.Profile != nil {
		u.say(text{"  profile       %s (%s), until %s", "  描述文件      %s（%s），有效期至 %s"}, p.Profile.Name, u.t(profileWords[p.Profile.Kind]), p.Profile.Expires.Format("2006-01-02"))
	}
	u.say(text{"  plug-ins      %s", "  原生插件      %s"}, orDash(strings.Join(p.Plugins, ", ")))
	u.say(text{"  permissions   %s", "  权限          %s"}, orDash(shorten(p.Permissions, 4)))
}

var profileWords = map[string]text{
	"enterprise":  {"in-house: any device", "企业：任意设备"},
	"ad-hoc":      {"ad hoc: registered devices", "Ad Hoc：已注册的设备"},
	"development": {"development: registered devices", "开发：已注册的设备"},
	"app-store":   {"App Store and TestFlight only", "仅 App Store 和 TestFlight"},
}

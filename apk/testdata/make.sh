#!/bin/sh
# Makes the packages beside it, with Debian's aapt, zipalign, apksigner, android-framework-res and openssl. Keys are thrown away.
set -eu
out=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
framework=/usr/share/android-framework-res/framework-res.apk

www=assets/apps/__UNI__A1B2C3D/www
mkdir -p src/$www lib res/values
mkdir -p src/lib/arm64-v8a src/lib/armeabi-v7a
printf x >src/lib/arm64-v8a/libweexcore.so; printf x >src/lib/armeabi-v7a/libweexcore.so
cat >src/$www/manifest.json <<'JSON'
{"id":"__UNI__A1B2C3D","name":"Shop","version":{"name":"1.0.0","code":"100"},"launch_path":"__uniappview.html","permissions":{"UniNView":{"description":"UniNView原生渲染"}},"plus":{"distribute":{"google":{},"apple":{},"plugins":{}},"uni-app":{"control":"uni-v3","vueVersion":"3","compilerVersion":"4.87"}}}
JSON
echo 'var app = 1;' >src/$www/app-service.js
echo 'var config = 1;' >src/$www/app-config-service.js
echo '<!DOCTYPE html><html></html>' >src/$www/__uniappview.html
echo '{"nativePlugins":[{"hooksClass":"","plugins":[{"type":"module","name":"Shop-Scanner","class":"com.example.Scanner"}]}]}' >src/assets/dcloud_uniplugins.json

manifest() { # code, name, package, minimum SDK
cat >AndroidManifest.xml <<XML
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="$3" android:versionCode="$1" android:versionName="$2">
  <uses-sdk android:minSdkVersion="$4" android:targetSdkVersion="28"/>
  <uses-permission android:name="android.permission.INTERNET"/>
  <uses-permission android:name="android.permission.REQUEST_INSTALL_PACKAGES"/>
  <application android:label="店铺"><activity android:name="io.dcloud.PandoraEntry"/></application>
</manifest>
XML
}

key() {
  openssl genpkey -quiet -algorithm $2 $3 -out $1.pem
  openssl req -new -x509 -key $1.pem -subj "/CN=$1/O=Example" -days 10000 -out $1.crt
  openssl pkcs8 -topk8 -nocrypt -inform PEM -outform DER -in $1.pem -out $1.pk8
}
key shop RSA "-pkeyopt rsa_keygen_bits:2048"
key next EC "-pkeyopt ec_paramgen_curve:P-256"
key other EC "-pkeyopt ec_paramgen_curve:P-256"
apksigner rotate --out lineage --old-signer --key shop.pk8 --cert shop.crt --new-signer --key next.pk8 --cert next.crt

pack() { # name, flags of apksigner
  name=$1; shift
  rm -f raw.apk; aapt package --ignore-assets .git -f -M AndroidManifest.xml -I $framework -F raw.apk src >/dev/null
  zipalign -f 4 raw.apk aligned.apk
  [ $# -eq 0 ] && { cp aligned.apk "$out/$name.apk"; return; }
  apksigner sign --out "$out/$name.apk" "$@" aligned.apk; rm -f "$out/$name.apk.idsig"
}
shop="--key shop.pk8 --cert shop.crt"
manifest 100 1.0.0 com.example.shop 19
pack unsigned
pack shop-1.0.0 $shop
pack v1 $shop --v2-signing-enabled false --v3-signing-enabled false
pack other-1.0.0 --key other.pk8 --cert other.crt
manifest 100 1.0.0 com.example.shop 24
pack v2 $shop --v1-signing-enabled false --v3-signing-enabled false
manifest 110 1.1.0 com.example.shop 21
pack rotated --v2-signing-enabled true --v3-signing-enabled true --min-sdk-version 21 $shop --next-signer --key next.pk8 --cert next.crt --lineage lineage
sed -i 's/"100"/"200"/; s/1\.0\.0/2.0.0/; s/"UniNView":/"Barcode":{},"UniNView":/' src/$www/manifest.json
manifest 200 2.0.0 com.example.shop 21
pack shop-2.0.0 $shop
# What Android's own tool says: a line "name digest" for each that it accepts.
for f in "$out"/*.apk; do
  apksigner verify --print-certs "$f" 2>/dev/null | sed -n "s/.*certificate SHA-256 digest: /$(basename "$f" .apk) /p"
done >"$out/certificates.txt"

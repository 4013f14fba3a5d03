import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/** What java.util.zip reads in each archive, by both of its readers: reader, archive, SHA-256, name. */
public class Readers {
  public static void main(String[] archives) throws Exception {
    var out = new java.io.PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String archive : archives) {
      try (ZipFile zip = new ZipFile(archive)) {
        for (var all = zip.entries(); all.hasMoreElements();) {
          ZipEntry e = all.nextElement();
          try (InputStream in = zip.getInputStream(e)) {
            out.println("ZipFile\t" + archive + "\t" + digest(in) + "\t" + e.getName());
          }
        }
      }
      try (ZipInputStream zip = new ZipInputStream(new FileInputStream(archive))) {
        for (ZipEntry e; (e = zip.getNextEntry()) != null;) {
          out.println("ZipInputStream\t" + archive + "\t" + digest(zip) + "\t" + e.getName());
        }
      }
    }
  }

  private static String digest(InputStream in) throws Exception {
    var sha = MessageDigest.getInstance("SHA-256");
    byte[] buffer = new byte[65536];
    for (int n; (n = in.read(buffer)) >= 0;) sha.update(buffer, 0, n);
    return HexFormat.of().formatHex(sha.digest());
  }
}

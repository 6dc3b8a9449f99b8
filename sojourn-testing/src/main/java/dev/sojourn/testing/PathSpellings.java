package dev.sojourn.testing;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Spellings of a path with one segment that a router may accept and a path rule may overlook. */
final class PathSpellings {
    private PathSpellings() {}

    /** Returns the spellings of {@code /name}, the plain one first. */
    static List<String> of(String path) {
        String name = path.substring(1);
        String last = name.substring(name.length() - 1);
        String escaped = "%" + Integer.toHexString(last.charAt(0));
        String head = "/" + name.substring(0, name.length() - 1);
        return Stream.of(
                        // percent signs, once and repeatedly
                        path,
                        head + escaped,
                        head + escaped.toUpperCase(Locale.ROOT),
                        head + escaped.replace("%", "%25"),
                        head + escaped.replace("%", "%2525"),
                        "/%" + Integer.toHexString(name.charAt(0)) + name.substring(1),
                        head + "%u00" + escaped.substring(1),
                        // slashes
                        "/" + path,
                        "///" + name,
                        path + "/",
                        path + "//",
                        "/%2f" + name,
                        "/%2F" + name,
                        "%2f" + name,
                        path + "%2f",
                        path + "%252f",
                        "/\\" + name,
                        "\\" + name,
                        path + "\\",
                        "/%5c" + name,
                        path + "%5c",
                        path + "%c0%af",
                        // dots
                        "/." + path,
                        path + "/.",
                        "/%2e" + path,
                        path + "/%2e",
                        "/x/.." + path,
                        "/x/%2e%2e" + path,
                        "/x/%2E." + path,
                        "/x/%252e%252e" + path,
                        "/x/..;" + path,
                        "/x/..;a=b" + path,
                        "/x/..%2f" + name,
                        "/x/..\\" + name,
                        "/x/%c0%ae%c0%ae" + path,
                        "/.." + path,
                        path + "/x/..",
                        path + "/../" + name,
                        "/x//.." + path,
                        "/x/y/../.." + path,
                        // parameters, and characters that end a path
                        path + ";",
                        path + ";x=1",
                        path + ";x=1/",
                        path + ";/",
                        path + "%3b",
                        path + "%3bx=1",
                        "/;x=1" + path,
                        "/;" + path,
                        path + ";jsessionid=ABC",
                        path + "?x=1",
                        path + "?",
                        path + "%3fx=1",
                        path + "%23x",
                        path + "#x",
                        path + "%00",
                        path + "%0a",
                        path + "%20",
                        path + "+",
                        path + ".",
                        path + ".json",
                        path + "x",
                        // case
                        path.toUpperCase(Locale.ROOT),
                        "/" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1),
                        // invalid escapes
                        path + "%",
                        path + "%zz",
                        path + "%2",
                        head + "%" + last,
                        // a whole URL
                        "http://127.0.0.1" + path,
                        "http://127.0.0.1/" + path)
                .toList();
    }
}

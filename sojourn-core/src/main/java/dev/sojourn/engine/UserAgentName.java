package dev.sojourn.engine;

import dev.sojourn.spi.Exchange;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names a device by its {@code User-Agent}: {@code Firefox on Linux}. A small rule for lists that people read; it knows no
 * versions and no models. The tables are in the guide.
 */
final class UserAgentName {
    private static final String HEADER = "User-Agent";
    /** What distinguishes browsers and systems comes earlier. */
    private static final int LONGEST_READ = 512;
    /** The name of a program that is no browser. */
    private static final Pattern PRODUCT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,31}(?=[/ (]|$)");

    /** What a text contains, and what that means. */
    private record Mark(String text, String name) {}

    /** The first one counts: most browsers also claim to be others. */
    private static final List<Mark> BROWSERS = List.of(
            new Mark("Edg/", "Edge"),
            new Mark("EdgA/", "Edge"),
            new Mark("EdgiOS/", "Edge"),
            new Mark("OPR/", "Opera"),
            new Mark("OPT/", "Opera"),
            new Mark("SamsungBrowser/", "Samsung Internet"),
            new Mark("Vivaldi/", "Vivaldi"),
            new Mark("YaBrowser/", "Yandex Browser"),
            new Mark("DuckDuckGo/", "DuckDuckGo"),
            new Mark("Ddg/", "DuckDuckGo"),
            new Mark("FxiOS/", "Firefox"),
            new Mark("Firefox/", "Firefox"),
            new Mark("CriOS/", "Chrome"),
            new Mark("Chrome/", "Chrome"),
            new Mark("Safari/", "Safari"),
            new Mark("Trident/", "Internet Explorer"),
            new Mark("MSIE ", "Internet Explorer"));

    /** The first one counts: Android claims to be Linux, and iPads are like Macs. */
    private static final List<Mark> SYSTEMS = List.of(
            new Mark("iPhone", "iPhone"),
            new Mark("iPad", "iPad"),
            new Mark("Android", "Android"),
            new Mark("CrOS", "ChromeOS"),
            new Mark("Windows", "Windows"),
            new Mark("Macintosh", "macOS"),
            new Mark("Mac OS X", "macOS"),
            new Mark("FreeBSD", "FreeBSD"),
            new Mark("Linux", "Linux"));

    private UserAgentName() {}

    /** Returns the name of a request's device; null if its header says nothing that this rule knows. */
    static @Nullable String of(Exchange exchange) {
        List<String> lines = exchange.requestHeaders(HEADER);
        return lines.isEmpty() ? null : of(lines.get(0));
    }

    static @Nullable String of(String userAgent) {
        String text = userAgent.substring(0, Math.min(userAgent.length(), LONGEST_READ));
        String program = text.startsWith("Mozilla/") ? first(BROWSERS, text) : product(text);
        String system = first(SYSTEMS, text);
        if (program == null) {
            return system;
        }
        return system == null ? program : program + " on " + system;
    }

    private static @Nullable String first(List<Mark> marks, String text) {
        for (Mark each : marks) {
            if (text.contains(each.text())) {
                return each.name();
            }
        }
        return null;
    }

    private static @Nullable String product(String text) {
        Matcher product = PRODUCT.matcher(text);
        return product.lookingAt() ? product.group() : null;
    }
}

package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The names of devices, for headers as browsers and programs send them. */
class UserAgentNameTest {
    private static final String WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) ";
    private static final String MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ";
    private static final String IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) ";
    private static final String ANDROID = "Mozilla/5.0 (Linux; Android 10; K) ";
    private static final String CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 ";
    private static final String WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko) ";

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox on Linux"),
            Map.entry("Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0", "Firefox on Android"),
            Map.entry(IPHONE + WEBKIT + "FxiOS/133.0 Mobile/15E148 Safari/605.1.15", "Firefox on iPhone"),
            Map.entry(WINDOWS + CHROME + "Safari/537.36", "Chrome on Windows"),
            Map.entry(ANDROID + CHROME + "Mobile Safari/537.36", "Chrome on Android"),
            Map.entry("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) " + CHROME + "Safari/537.36", "Chrome on ChromeOS"),
            Map.entry(IPHONE + WEBKIT + "CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
            Map.entry(WINDOWS + CHROME + "Safari/537.36 Edg/131.0.0.0", "Edge on Windows"),
            Map.entry(ANDROID + CHROME + "Mobile Safari/537.36 EdgA/131.0.0.0", "Edge on Android"),
            Map.entry(MAC + CHROME + "Safari/537.36 OPR/116.0.0.0", "Opera on macOS"),
            Map.entry(
                    "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko)"
                            + " SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
                    "Samsung Internet on Android"),
            Map.entry(MAC + WEBKIT + "Version/17.6 Safari/605.1.15", "Safari on macOS"),
            Map.entry(IPHONE + WEBKIT + "Version/17.6 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
            Map.entry(
                    "Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) " + WEBKIT
                            + "Version/17.6 Mobile/15E148 Safari/604.1",
                    "Safari on iPad"),
            Map.entry(
                    "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
                    "Internet Explorer on Windows"),
            Map.entry("Mozilla/5.0 (compatible; Thing/2.1) Linux", "Linux"),
            Map.entry("curl/8.5.0", "curl"),
            Map.entry("okhttp/4.12.0", "okhttp"),
            Map.entry("Java-http-client/17.0.9", "Java-http-client"),
            Map.entry("python-requests/2.32.3", "python-requests"),
            Map.entry("Shop/3.2 (iPhone; iOS 17.5)", "Shop on iPhone"),
            Map.entry("Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8)", "Dalvik on Android"));

    @Test
    void browsers_apps_and_programs_are_recognized() {
        NAMES.forEach((header, name) ->
                assertThat(UserAgentName.of(header)).as(header).isEqualTo(name));
    }

    @Test
    void a_header_that_says_nothing_names_nothing() {
        for (String header :
                new String[] {"", "Mozilla/5.0", "Mozilla/5.0 (compatible)", "\u5c71", "<b>", " x", "A".repeat(600)}) {
            assertThat(UserAgentName.of(header)).as(header).isNull();
        }
    }

    @Test
    void only_the_beginning_of_a_long_header_is_read() {
        assertThat(UserAgentName.of("curl/8 " + "x".repeat(500) + " Linux")).isEqualTo("curl");
    }
}

package dev.sojourn.express.cases;

import dev.sojourn.express.Express;
import dev.sojourn.spi.TokenFormat;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The response to one request.
 *
 * @param status the status
 * @param headers the received header lines
 * @param body the body
 * @param calls the store calls of the request, with Express's names
 * @param sentBeforeSave whether a part of the response arrived before a store call that writes
 * @param at the time of its arrival, by the site's clock
 */
record Response(int status, List<String> headers, String body, List<String> calls, boolean sentBeforeSave, Instant at) {
    private static final TokenFormat READER =
            Express.tokenFormat(e -> e.existingWeakSecret("keyboard cat", "nyan cat", "awesome cat", "new", "old"));

    List<String> setCookies() {
        return all("Set-Cookie");
    }

    List<String> all(String name) {
        return headers.stream()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).trim())
                .toList();
    }

    /** Returns the line that sets a cookie. */
    Optional<String> line(String name) {
        return setCookies().stream().filter(each -> each.startsWith(name + "=")).findFirst();
    }

    String line() {
        return line("connect.sid").orElseThrow(() -> new AssertionError("no cookie in " + headers));
    }

    /** Returns the cookie's name and value, to send back. */
    String cookie() {
        return pair(line());
    }

    String cookie(String name) {
        return pair(line(name).orElseThrow(() -> new AssertionError("no cookie in " + headers)));
    }

    private static String pair(String line) {
        return line.substring(0, line.indexOf(';'));
    }

    String id() {
        return idOf(cookie());
    }

    static String idOf(String cookie) {
        return READER.read(cookie.substring(cookie.indexOf('=') + 1))
                .orElseThrow()
                .id();
    }

    boolean has(String attribute) {
        return List.of(line().split("; ", -1)).contains(attribute);
    }

    /** Returns the value of one of the cookie's attributes. */
    Optional<String> attribute(String name) {
        return List.of(line().split("; ", -1)).stream()
                .filter(each -> each.startsWith(name + "="))
                .map(each -> each.substring(name.length() + 1))
                .findFirst();
    }

    /** Returns the time at which the browser drops the cookie: Expires in Express, Max-Age in Sojourn. */
    Optional<Instant> expires() {
        return attribute("Max-Age").map(seconds -> at.plusSeconds(Long.parseLong(seconds)));
    }

    int sets() {
        return count("set");
    }

    int count(String call) {
        return (int) calls.stream().filter(call::equals).count();
    }
}

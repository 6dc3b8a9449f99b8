package dev.sojourn.proof.site;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An HTTP response as received.
 *
 * @param status the status, or 0 if the connection was closed without a response
 * @param lines the header lines
 * @param body the body
 */
public record RawResponse(int status, List<String> lines, String body) {
    static RawResponse parse(byte[] wire) {
        String text = new String(wire, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return new RawResponse(0, List.of(), text);
        }
        List<String> head = List.of(text.substring(0, end).split("\r\n", -1));
        int status = Integer.parseInt(head.get(0).split(" ", -1)[1]);
        return new RawResponse(status, new ArrayList<>(head.subList(1, head.size())), text.substring(end + 4));
    }

    /** Returns the values of a header, one per line. */
    public List<String> headers(String name) {
        return lines.stream()
                .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).trim())
                .toList();
    }

    /** Returns the value of a header, or empty; fails if the header is repeated. */
    public Optional<String> header(String name) {
        List<String> values = headers(name);
        if (values.size() > 1) {
            throw new AssertionError("more than one " + name + ": " + lines);
        }
        return values.stream().findFirst();
    }

    /** Returns the values of the Set-Cookie lines. */
    public List<String> cookies() {
        return headers("Set-Cookie");
    }

    /** Returns the value of the single cookie that this response sets. */
    public String token() {
        String cookie = header("Set-Cookie").orElseThrow(() -> new AssertionError("no Set-Cookie in " + this));
        return cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';'));
    }
}

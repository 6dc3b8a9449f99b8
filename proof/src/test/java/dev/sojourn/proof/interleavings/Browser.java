package dev.sojourn.proof.interleavings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A browser with its cookies, which responses set and clear as they arrive. */
final class Browser {
    private static final String REMEMBER = "remember";

    /** From the name of a cookie to name and value. */
    private final Map<String, String> cookies = new TreeMap<>();

    Browser(@Nullable String header) {
        if (header != null) {
            Stream.of(header.split("; ")).forEach(pair -> cookies.put(name(pair), pair));
        }
    }

    void receive(Response response) {
        for (String line : response.setCookies()) {
            String pair = line.substring(0, line.indexOf(';'));
            if (line.contains("Max-Age=0") || pair.endsWith("=")) {
                cookies.remove(name(pair));
            } else {
                cookies.put(name(pair), pair);
            }
        }
    }

    private static String name(String pair) {
        return pair.substring(0, pair.indexOf('='));
    }

    /** Returns the header with all cookies; null if there are none. */
    @Nullable
    String cookie() {
        return cookies.isEmpty() ? null : String.join("; ", cookies.values());
    }

    /** Returns the header without the session's cookie, as after a browser was closed; null if it is not remembered. */
    @Nullable
    String rememberCookie() {
        return cookies.entrySet().stream()
                .filter(each -> each.getKey().endsWith(REMEMBER))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /** Returns every state that one browser can end in, depending on the order in which its responses arrive. */
    static List<Browser> inEveryOrder(@Nullable String cookie, List<Response> responses) {
        List<Browser> results = new ArrayList<>();
        permute(new ArrayList<>(responses), 0, order -> {
            Browser browser = new Browser(cookie);
            order.forEach(browser::receive);
            results.add(browser);
        });
        return results;
    }

    private static void permute(List<Response> responses, int from, Consumer<List<Response>> each) {
        if (from >= responses.size() - 1) {
            each.accept(responses);
            return;
        }
        for (int i = from; i < responses.size(); i++) {
            Collections.swap(responses, from, i);
            permute(responses, from + 1, each);
            Collections.swap(responses, from, i);
        }
    }
}

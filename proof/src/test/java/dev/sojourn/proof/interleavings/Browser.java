package dev.sojourn.proof.interleavings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A browser with one cookie, which responses set and clear as they arrive. */
final class Browser {
    private @Nullable String cookie;

    Browser(@Nullable String cookie) {
        this.cookie = cookie;
    }

    void receive(Response response) {
        for (String line : response.setCookies()) {
            String pair = line.substring(0, line.indexOf(';'));
            cookie = line.contains("Max-Age=0") || pair.endsWith("=") ? null : pair;
        }
    }

    @Nullable
    String cookie() {
        return cookie;
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

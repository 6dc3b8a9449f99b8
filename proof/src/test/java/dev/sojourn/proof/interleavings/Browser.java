package dev.sojourn.proof.interleavings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The one cookie of a browser's jar, as answers arrive. */
final class Browser {
    private @Nullable String cookie;

    Browser(@Nullable String cookie) {
        this.cookie = cookie;
    }

    void hears(Answer answer) {
        for (String line : answer.setCookies()) {
            String pair = line.substring(0, line.indexOf(';'));
            cookie = line.contains("Max-Age=0") || pair.endsWith("=") ? null : pair;
        }
    }

    @Nullable
    String cookie() {
        return cookie;
    }

    /** Every jar that one browser can end up with, depending on the order in which its answers arrive. */
    static List<Browser> inEveryOrder(@Nullable String cookie, List<Answer> answers) {
        List<Browser> jars = new ArrayList<>();
        permute(new ArrayList<>(answers), 0, order -> {
            Browser browser = new Browser(cookie);
            order.forEach(browser::hears);
            jars.add(browser);
        });
        return jars;
    }

    private static void permute(List<Answer> answers, int from, Consumer<List<Answer>> each) {
        if (from >= answers.size() - 1) {
            each.accept(answers);
            return;
        }
        for (int i = from; i < answers.size(); i++) {
            Collections.swap(answers, from, i);
            permute(answers, from + 1, each);
            Collections.swap(answers, from, i);
        }
    }
}

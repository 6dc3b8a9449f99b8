package dev.sojourn.demo.pages;

import dev.sojourn.demo.journal.JournalEntry;
import dev.sojourn.demo.web.SessionPlace;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data of the layout around every page.
 *
 * @param title the page's heading
 * @param path the page's path, which the navigation marks
 * @param notice what the user has just done, or null
 * @param recent the client's last requests, newest first
 * @param place where sessions are kept
 * @param storeName the store's name; null if the page does not show it
 * @param user the signed-in user; null if there is none or the page does not use the session
 */
record Layout(
        String title,
        String path,
        @Nullable String notice,
        List<JournalEntry> recent,
        SessionPlace place,
        @Nullable String storeName,
        @Nullable String user) {
    /** The headers of a page with a script of the demo. */
    static final Map<String, String> SCRIPT_HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'");

    private static final int SHOWN_BELOW = 2;

    static final List<Link> LINKS = List.of(
            new Link("/", "Counter"),
            new Link("/attributes", "Attributes"),
            new Link("/account", "Account"),
            new Link("/devices", "Devices"),
            new Link("/identity", "New id"),
            new Link("/cookie", "Cookie and timeouts"),
            new Link(TokensPage.PATH, "API tokens"),
            new Link("/cost", "Cost"),
            new Link("/journal", "Journal"));

    List<JournalEntry> newest() {
        return recent.subList(0, Math.min(SHOWN_BELOW, recent.size()));
    }

    /** Whether this is the page that does nothing without its script. */
    boolean needsScript() {
        return TokensPage.PATH.equals(path) && !isSealed();
    }

    boolean isSealed() {
        return place == SessionPlace.COOKIE;
    }

    boolean isInMemory() {
        return "memory".equals(storeName);
    }

    record Link(String path, String text) {}
}

package dev.sojourn.demo.pages;

import dev.sojourn.demo.journal.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds every page.
 *
 * @param title the page's heading
 * @param path its address, to mark it in the navigation
 * @param notice what the visitor has just done, or null
 * @param recent the visitor's last requests, newest first
 * @param storeName what keeps the sessions; null where that is not to be said
 * @param user who is signed in, or null if nobody is or the page does not know
 */
record Frame(
        String title,
        String path,
        @Nullable String notice,
        List<Entry> recent,
        @Nullable String storeName,
        @Nullable String user) {
    private static final int SHOWN_BELOW = 2;

    static final List<Link> LINKS = List.of(
            new Link("/", "Counter"),
            new Link("/attributes", "Attributes"),
            new Link("/account", "Account"),
            new Link("/devices", "Devices"),
            new Link("/identity", "New id"),
            new Link("/cookie", "Cookie and time"),
            new Link("/cost", "Cost"),
            new Link("/journal", "Journal"));

    List<Entry> newest() {
        return recent.subList(0, Math.min(SHOWN_BELOW, recent.size()));
    }

    boolean isForgetful() {
        return "memory".equals(storeName);
    }

    record Link(String path, String text) {}
}

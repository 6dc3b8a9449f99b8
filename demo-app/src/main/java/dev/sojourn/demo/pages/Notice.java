package dev.sojourn.demo.pages;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a page says after a form has sent the visitor there. It travels as a word in the address, not in the session: a
 * message is no reason to write one.
 */
enum Notice {
    SAVED("Saved."),
    REMOVED("Removed."),
    CLEARED("All attributes are removed. The session is still there."),
    SIGNED_IN("You are signed in, and the session has a new id."),
    SIGNED_OUT("You are signed out. The session has ended and the cookie is taken away."),
    ENDED_ONE("That session has ended. Its browser is signed out at its next request."),
    ENDED_NONE("There was no such session any more."),
    ENDED_OTHERS("All other sessions have ended. You are signed in here only."),
    ENDED_ALL("All your sessions have ended, this one too."),
    CHANGED_ID("The session has a new id and the same data."),
    REGENERATED("You have a new, empty session under a new id."),
    DESTROYED("The session has ended and the cookie is taken away."),
    MEASURED("Done. The first entry under “What just happened” is what it cost.");

    private final String text;

    Notice(String text) {
        this.text = text;
    }

    String at(String path) {
        return path + "?done=" + word();
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static @Nullable String in(Map<String, String> query) {
        String word = query.get("done");
        for (Notice notice : values()) {
            if (notice.word().equals(word)) {
                return notice.text;
            }
        }
        return null;
    }
}

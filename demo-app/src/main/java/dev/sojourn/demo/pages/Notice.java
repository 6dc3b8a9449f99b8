package dev.sojourn.demo.pages;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The message that a page shows after a form was submitted. Its code travels in the URL, not in the session, so that a
 * message costs no write.
 */
enum Notice {
    SAVED("Saved."),
    REMOVED("Removed."),
    CLEARED("All attributes were removed. The session still exists."),
    SIGNED_IN("You are signed in. The session has a new id."),
    SIGNED_OUT("You are signed out. The session has ended and the cookie was cleared."),
    CONFIRMED("Confirmed. You can change your mail address for 5 minutes."),
    MAIL_CHANGED("Your mail address was changed."),
    SHORTENED("This session now ends after 130 seconds without use. Wait for the warning."),
    ENDED_ONE("That session has ended. Its client is signed out with its next request."),
    ENDED_NONE("That session no longer exists."),
    ENDED_OTHERS("All other sessions have ended. You are signed in here only."),
    ENDED_ALL("All your sessions have ended, including this one."),
    ENDED_SEALED("All your sessions have ended, in every browser. You can sign in again at once."),
    NEEDS_STORE("This needs a session in a store. Nothing was changed."),
    CHANGED_ID("The session has a new id and the same data."),
    REGENERATED("You have a new, empty session with a new id."),
    DESTROYED("The session has ended and the cookie was cleared."),
    MEASURED("Done. The first entry under “What just happened” shows the cost.");

    private final String text;

    Notice(String text) {
        this.text = text;
    }

    String addTo(String path) {
        return path + "?done=" + code();
    }

    private String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static @Nullable String textIn(Map<String, String> query) {
        String code = query.get("done");
        for (Notice notice : values()) {
            if (notice.code().equals(code)) {
                return notice.text;
            }
        }
        return null;
    }
}

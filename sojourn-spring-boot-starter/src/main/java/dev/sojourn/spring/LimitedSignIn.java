package dev.sojourn.spring;

import dev.sojourn.SignedIn;
import dev.sojourn.UserSessions;
import java.util.Comparator;
import java.util.List;

/**
 * A sign-in of a user whose number of sessions is limited. Spring Security counts before the session is stored, so that
 * several sign-ins at once all find room. Each counts again once its session is stored, and ends what is too much by a rule that
 * is the same on every node: the last one to count sees all.
 *
 * @param user whose sessions are counted
 * @param most how many there may be
 * @param rule which ones stay
 */
record LimitedSignIn(String user, int most, Rule rule) {
    /** Which sessions stay. */
    enum Rule {
        /** A new sign-in ends the oldest session. */
        THE_NEWEST,
        /** A sign-in beyond the limit is refused. */
        THE_OLDEST
    }

    /** Told by what never changes, so that no two nodes end each other's choice. */
    private static final Comparator<SignedIn> BY_AGE =
            Comparator.comparing(SignedIn::createdAt).thenComparing(SignedIn::publicId);

    /** Ends the sessions beyond the limit. */
    void endSurplus(UserSessions sessions) {
        List<SignedIn> all = sessions.list();
        if (all.size() > most) {
            all.stream()
                    .sorted(rule == Rule.THE_OLDEST ? BY_AGE : BY_AGE.reversed())
                    .skip(most)
                    .forEach(each -> sessions.end(each.publicId()));
        }
    }
}

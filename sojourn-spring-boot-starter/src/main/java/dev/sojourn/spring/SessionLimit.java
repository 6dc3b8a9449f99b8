package dev.sojourn.spring;

import dev.sojourn.UserSession;
import dev.sojourn.UserSessions;
import java.util.Comparator;
import java.util.List;

/**
 * The limit on a user's sessions, checked again after a login. Spring Security counts before the session is stored, so that
 * concurrent logins can all pass the check. Each login counts again once its session is stored, and ends the surplus by a rule
 * that is the same on every node. The last login to count sees all sessions.
 *
 * @param user the user whose sessions are counted
 * @param most the greatest number of sessions
 * @param rule which sessions stay
 */
record SessionLimit(String user, int most, Rule rule) {
    /** Which sessions stay. */
    enum Rule {
        /** A new login ends the oldest session. */
        THE_NEWEST,
        /** A login over the limit is rejected. */
        THE_OLDEST
    }

    /** Compares values that never change, so that no two nodes end each other's choice. */
    private static final Comparator<UserSession> BY_AGE =
            Comparator.comparing(UserSession::createdAt).thenComparing(UserSession::publicId);

    /** Ends the sessions over the limit. */
    void endSurplus(UserSessions sessions) {
        List<UserSession> all = sessions.list();
        if (all.size() > most) {
            all.stream()
                    .sorted(rule == Rule.THE_OLDEST ? BY_AGE : BY_AGE.reversed())
                    .skip(most)
                    .forEach(each -> sessions.end(each.publicId()));
        }
    }
}

package dev.sojourn.histories;

import dev.sojourn.histories.Violation.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a node may do to a client's cookie: give a new one at a start and a sign-in, take it away at a sign-out. */
final class CookieRules {
    private CookieRules() {}

    static List<Violation> check(List<Operation> operations) {
        List<Violation> found = new ArrayList<>();
        for (Operation operation : operations) {
            String problem = problem(operation);
            if (problem != null) {
                found.add(new Violation(Rule.COOKIE, problem, operation.owner(), List.of(operation)));
            }
        }
        return found;
    }

    private static @Nullable String problem(Operation operation) {
        Answer answer = operation.answer();
        boolean gives = operation.kind() == Kind.START || operation.kind() == Kind.LOGIN;
        if (answer.isDone() && gives && answer.given() == null) {
            return "acknowledged, but the client was given no token";
        }
        if (answer.given() != null && !(answer.isDone() && gives)) {
            return "the client was given a token that it should not have got";
        }
        boolean ends = operation.kind() == Kind.LOGOUT || operation.kind() == Kind.EVERYWHERE;
        if (answer.cookieCleared() && !(answer.isDone() && ends)) {
            return "the client's cookie was taken away by a request that ended nothing";
        }
        return null;
    }

    /** Over all sessions: no token is given to two. */
    static List<Violation> tokensGivenTwice(List<Operation> operations) {
        List<Violation> found = new ArrayList<>();
        Map<String, Operation> given = new HashMap<>();
        for (Operation operation : operations) {
            String token = operation.answer().given();
            if (token == null) {
                continue;
            }
            Operation other = given.putIfAbsent(token, operation);
            if (other != null) {
                found.add(new Violation(
                        Rule.COOKIE, "one token was given twice", operation.owner(), List.of(other, operation)));
            }
        }
        return found;
    }
}

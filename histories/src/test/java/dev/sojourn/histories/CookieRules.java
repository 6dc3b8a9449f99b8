package dev.sojourn.histories;

import dev.sojourn.histories.Violation.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks cookies: only a start and a login may set a new one, and only an end of the session may clear it. */
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
        OperationOutcome outcome = operation.outcome();
        boolean issuesToken = operation.kind() == OperationKind.START || operation.kind() == OperationKind.LOGIN;
        if (outcome.isDone() && issuesToken && outcome.newToken() == null) {
            return "the operation was acknowledged without a token";
        }
        if (outcome.newToken() != null && !(outcome.isDone() && issuesToken)) {
            return "the response set a token unexpectedly";
        }
        boolean ends = operation.kind() == OperationKind.LOGOUT || operation.kind() == OperationKind.END_ALL;
        if (outcome.cookieCleared() && !(outcome.isDone() && ends)) {
            return "a request that ended no session cleared the cookie";
        }
        return null;
    }

    /** Checks over all sessions that no token is issued twice. */
    static List<Violation> checkTokensUnique(List<Operation> operations) {
        List<Violation> found = new ArrayList<>();
        Map<String, Operation> issued = new HashMap<>();
        for (Operation operation : operations) {
            String token = operation.outcome().newToken();
            if (token == null) {
                continue;
            }
            Operation other = issued.putIfAbsent(token, operation);
            if (other != null) {
                found.add(new Violation(
                        Rule.COOKIE, "one token was issued twice", operation.owner(), List.of(other, operation)));
            }
        }
        return found;
    }
}

package dev.sojourn.histories;

import dev.sojourn.histories.TokenHistory.Token;
import dev.sojourn.histories.Violation.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks when a session is alive, its owner and its subject. */
final class LifecycleRules {
    private final String owner;
    private final List<Operation> operations;
    private final TokenHistory tokens;
    private final List<Violation> found = new ArrayList<>();

    LifecycleRules(String owner, List<Operation> operations, TokenHistory tokens) {
        this.owner = owner;
        this.operations = operations;
        this.tokens = tokens;
    }

    List<Violation> check() {
        for (Operation operation : operations) {
            if (operation.isDone()) {
                checkOwner(operation);
            }
            Token token = tokens.get(operation.token());
            if (token != null) {
                checkLifetime(operation, token);
            }
        }
        checkDuplicates();
        return found;
    }

    private void checkOwner(Operation operation) {
        String actual = operation.outcome().requireView().text(SessionView.OWNER);
        if (!owner.equals(actual)) {
            add(Rule.FOREIGN_DATA, "it is the session of " + actual, operation);
        }
    }

    private void checkLifetime(Operation operation, Token token) {
        if (operation.isDone()) {
            tokens.definiteEnd(token, operation.start())
                    .ifPresent(end -> add(
                            Rule.ENDED_SESSION_ALIVE,
                            "the session was alive after " + end.kind() + " #" + end.id() + " had ended it",
                            token.issuer(),
                            end,
                            operation));
            checkSignedIn(operation, token);
            checkListed(operation, token);
        } else if (reportsEnd(operation) && !tokens.mayHaveEnded(token, operation.end())) {
            add(Rule.LOST_SESSION, "no operation ended the session", token.issuer(), operation);
        }
    }

    /** Returns whether the outcome reports an ended session. A refused login does not: it may be due to a concurrent end of sessions. */
    private static boolean reportsEnd(Operation operation) {
        boolean conflict = operation.outcome().note().startsWith("409") && operation.kind() != OperationKind.LOGIN;
        return operation.outcome().hasNoSession() || conflict;
    }

    private void checkSignedIn(Operation operation, Token token) {
        String actual = operation.outcome().requireView().text(SessionView.SUBJECT);
        if (Objects.equals(actual, token.subject())) {
            return;
        }
        Rule rule = actual == null ? Rule.LOST_SESSION : Rule.FOREIGN_DATA;
        add(rule, "the subject should be " + token.subject() + ", but was " + actual, token.issuer(), operation);
    }

    private void checkListed(Operation operation, Token token) {
        boolean expected = operation.kind() == OperationKind.END_ONE && token.subject() != null;
        boolean listed =
                SessionView.YES.equals(operation.outcome().requireView().text(SessionView.LISTED));
        if (expected && !listed && !tokens.mayHaveEnded(token, operation.end())) {
            add(
                    Rule.LOST_SESSION,
                    "the list of the user's sessions does not contain the session",
                    token.issuer(),
                    operation);
        }
    }

    /** Checks that at most one of all logins from one token continues the session; the others start new sessions. */
    private void checkDuplicates() {
        Map<Token, Operation> continued = new LinkedHashMap<>();
        for (Token token : tokens.all()) {
            Token parent = token.parent();
            if (parent == null) {
                continue;
            }
            Operation observation = firstObservation(token);
            if (observation == null) {
                continue;
            }
            Operation other = continued.putIfAbsent(parent, observation);
            if (other != null) {
                add(Rule.DUPLICATED_SESSION, "two logins continued the same session", other, observation);
            }
        }
    }

    private @Nullable Operation firstObservation(Token token) {
        for (Operation operation : operations) {
            if (operation.isDone() && token.text().equals(operation.token())) {
                return operation;
            }
        }
        return null;
    }

    private void add(Rule rule, String message, Operation... evidence) {
        found.add(new Violation(rule, message, owner, List.of(evidence)));
    }
}

package dev.sojourn.histories;

import dev.sojourn.histories.Tokens.Token;
import dev.sojourn.histories.Violation.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** When a session is there, whose it is, and who is signed in. */
final class LifeRules {
    private final String owner;
    private final List<Operation> operations;
    private final Tokens tokens;
    private final List<Violation> found = new ArrayList<>();

    LifeRules(String owner, List<Operation> operations, Tokens tokens) {
        this.owner = owner;
        this.operations = operations;
        this.tokens = tokens;
    }

    List<Violation> check() {
        for (Operation operation : operations) {
            if (operation.isDone()) {
                checkWhose(operation);
            }
            Token token = tokens.get(operation.token());
            if (token != null) {
                checkLife(operation, token);
            }
        }
        checkTwins();
        return found;
    }

    private void checkWhose(Operation operation) {
        String seen = operation.answer().seen().text(View.OWNER);
        if (!owner.equals(seen)) {
            add(Rule.FOREIGN_DATA, "it is the session of " + seen, operation);
        }
    }

    private void checkLife(Operation operation, Token token) {
        if (operation.isDone()) {
            tokens.ended(token, operation.start())
                    .ifPresent(ender -> add(
                            Rule.RESURRECTED,
                            "the session was there after " + ender.kind() + " #" + ender.id() + " had ended it",
                            token.giver(),
                            ender,
                            operation));
            checkSignedIn(operation, token);
            checkListed(operation, token);
        } else if (saysItEnded(operation) && !tokens.mayHaveEnded(token, operation.end())) {
            add(Rule.LOST_SESSION, "nobody had ended the session", token.giver(), operation);
        }
    }

    /** A sign-in is also refused because the user's sessions are just being ended, and then this one stays. */
    private static boolean saysItEnded(Operation operation) {
        boolean conflict = operation.answer().note().startsWith("409") && operation.kind() != Kind.LOGIN;
        return operation.answer().isEmpty() || conflict;
    }

    private void checkSignedIn(Operation operation, Token token) {
        String seen = operation.answer().seen().text(View.SUBJECT);
        if (Objects.equals(seen, token.subject())) {
            return;
        }
        Rule rule = seen == null ? Rule.LOST_SESSION : Rule.FOREIGN_DATA;
        add(rule, "signed in should be " + token.subject() + ", and it was " + seen, token.giver(), operation);
    }

    private void checkListed(Operation operation, Token token) {
        boolean expected = operation.kind() == Kind.END && token.subject() != null;
        boolean listed = View.YES.equals(operation.answer().seen().text(View.LISTED));
        if (expected && !listed && !tokens.mayHaveEnded(token, operation.end())) {
            add(Rule.LOST_SESSION, "the list of the user's sessions lacks it", token.giver(), operation);
        }
    }

    /** Of all sign-ins from one token, one at most takes the session with it; the others begin afresh. */
    private void checkTwins() {
        Map<Token, Operation> continued = new LinkedHashMap<>();
        for (Token token : tokens.all()) {
            Token parent = token.parent();
            if (parent == null) {
                continue;
            }
            Operation sight = firstSight(token);
            if (sight == null) {
                continue;
            }
            Operation other = continued.putIfAbsent(parent, sight);
            if (other != null) {
                add(Rule.TWINS, "two sign-ins took the same session with them", other, sight);
            }
        }
    }

    private @Nullable Operation firstSight(Token token) {
        for (Operation operation : operations) {
            if (operation.isDone() && token.text().equals(operation.token())) {
                return operation;
            }
        }
        return null;
    }

    private void add(Rule rule, String what, Operation... proof) {
        found.add(new Violation(rule, what, owner, List.of(proof)));
    }
}

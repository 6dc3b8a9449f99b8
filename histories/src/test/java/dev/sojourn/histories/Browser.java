package dev.sojourn.histories;

import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One browser: a cookie jar, the session that it believes to be in, and a record of all it does. Several threads click in
 * it at a time. A {@code Set-Cookie} replaces the cookie whenever it arrives, {@code Max-Age=0} removes it.
 */
final class Browser {
    /** A longer list makes every request slower; a new session tells as much. */
    private static final int MOST_WRITES = 60;

    private final String name;
    private final String user;
    private final Client client;

    private int sessions;
    private int writes;
    private boolean over = true;
    private String owner;
    private @Nullable String cookie;

    private record Jar(String owner, @Nullable String cookie) {}

    Browser(String name, String user, Client client) {
        this.name = name;
        this.user = user;
        this.client = client;
        this.owner = name;
    }

    /**
     * Does one thing, as the dice fall.
     *
     * @return whether somebody answered as wished; if not, people wait a moment before they try again
     */
    boolean click(Random random) {
        int node = random.nextInt(client.nodes());
        Jar jar = jarToStart();
        if (jar != null) {
            return heard(jar, client.ask(Client.Question.start(jar.owner(), user, node)));
        }
        Kind kind = Mix.draw(random);
        jar = jar(kind);
        if (jar.cookie() == null) {
            return false;
        }
        String register = kind == Kind.SET ? View.REGISTERS.get(random.nextInt(View.REGISTERS.size())) : "";
        return heard(jar, client.ask(new Client.Question(kind, jar.owner(), user, register, jar.cookie(), node)));
    }

    /** The jar of a session that has to begin, if none is there and no other thread begins one. */
    private synchronized @Nullable Jar jarToStart() {
        if (!over) {
            return null;
        }
        over = false;
        writes = 0;
        owner = name + "." + ++sessions;
        cookie = null;
        return new Jar(owner, null);
    }

    private synchronized Jar jar(Kind kind) {
        boolean writing = kind == Kind.MARK || kind == Kind.NAIVE || kind == Kind.SET;
        if (writing && ++writes > MOST_WRITES) {
            over = true;
        }
        return new Jar(owner, cookie);
    }

    private boolean heard(Jar jar, Answer answer) {
        keep(jar, answer);
        return answer.isDone() || answer.isEmpty();
    }

    private synchronized void keep(Jar jar, Answer answer) {
        if (!jar.owner().equals(owner)) {
            // The browser has been closed and opened since.
            return;
        }
        if (answer.given() != null) {
            cookie = answer.given();
        } else if (answer.cookieCleared()) {
            cookie = null;
            over = true;
        } else if (answer.isEmpty() && Objects.equals(jar.cookie(), cookie)) {
            over = true;
        } else if (cookie == null) {
            // The session that was to begin did not.
            over = true;
        }
    }
}

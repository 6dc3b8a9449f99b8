package dev.sojourn.proof.versions;

import dev.sojourn.Sessions;

/** Creates sessions in a JVM of its own. */
final class Start {
    private Start() {}

    /**
     * Says "created", or what is wrong.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        try {
            Sessions unused = Sessions.create(c -> c.secret("zK3v8Qm1Yt6Rw0Xc5Bn2Hs7Lp4Jd9Gf-aEuIo"));
            System.out.println("created");
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
    }
}

package dev.sojourn.demo;

import dev.sojourn.demo.servers.Adapter;
import dev.sojourn.testing.CookieAudit;
import dev.sojourn.testing.FixationCheck;
import dev.sojourn.testing.SettableClock;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checks that {@code sojourn-testing} has for applications, against the demo on every server. */
class DemoAuditTest {
    private static final String SECRET = "a9S/Jm0V3wqT5xRf2LkYb7cN8dHe1gUo4iPzQvXtM6s=";
    private static final String COOKIE = "__Host-id";

    @ParameterizedTest
    @MethodSource("dev.sojourn.demo.servers.AllAdapters#all")
    void the_checks_for_applications_find_nothing(Adapter adapter) throws Exception {
        try (DemoServer server = DemoServer.start(adapter, 0, SECRET, new SettableClock())) {
            DemoClient client = new DemoClient(server);
            HttpRequest page = client.request("/").build();
            HttpRequest signIn = client.form("/account/sign-in", "name", "Ada").build();
            HttpRequest account = client.request("/account").build();

            FixationCheck.of(COOKIE)
                    .page(page)
                    .signIn(signIn)
                    .account(account)
                    .signedInIf(DemoAuditTest::showsAda)
                    .run()
                    .assertPassed();
            CookieAudit.of(COOKIE)
                    .page(page)
                    .signIn(signIn)
                    .account(account)
                    .signOut(client.form("/account/sign-out").build())
                    .signedInIf(DemoAuditTest::showsAda)
                    .run()
                    .assertPassed();
        }
    }

    private static boolean showsAda(HttpResponse<String> response) {
        return response.body().contains("Signed in as Ada");
    }
}

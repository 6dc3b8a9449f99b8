package dev.sojourn.demo.pages;

import dev.sojourn.demo.web.Answer;
import dev.sojourn.demo.web.Request;
import dev.sojourn.demo.web.Routes;
import org.jspecify.annotations.Nullable;

/** Signs in and out. The demo asks for no password: checking one is the application's part, before {@code login}. */
final class AccountPage {
    static final int LONGEST_NAME = 40;

    private final Templates templates;

    AccountPage(Templates templates) {
        this.templates = templates;
    }

    void mount(Routes routes) {
        routes.get("/account", request -> {
            View view = view(request, Field.EMPTY);
            return templates.page(request, "account", title(view), view);
        });
        routes.post("/account/sign-in", this::signIn);
        routes.post("/account/sign-out", this::signOut);
    }

    private Answer signIn(Request request) {
        Field name = Field.of("The name", request.field("name"), LONGEST_NAME);
        if (!name.isFine()) {
            View view = view(request, name);
            return templates.mistaken(request, "account", "/account", title(view), view);
        }
        request.session().login(name.value());
        return Answer.seeOther(Notice.SIGNED_IN.at("/account"));
    }

    private Answer signOut(Request request) {
        request.session().destroy();
        return Answer.seeOther(Notice.SIGNED_OUT.at("/account"));
    }

    private static String title(View view) {
        return view.user() == null ? "Sign in" : "Your account";
    }

    private static View view(Request request, Field name) {
        return new View(request.session().subject(), name);
    }

    record View(@Nullable String user, Field name) {}
}

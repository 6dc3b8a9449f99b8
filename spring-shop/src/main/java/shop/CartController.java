package shop;

import jakarta.servlet.http.HttpSession;
import java.util.concurrent.Callable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.SessionAttribute;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The cart is an attribute of the session. */
@Controller
class CartController {
    @GetMapping(path = "/cart", produces = "text/html")
    @ResponseBody
    String show(@SessionAttribute(name = "cart", required = false) Cart cart, Model model, CsrfToken csrf) {
        String message =
                model.containsAttribute("message") ? "<p id='message'>" + model.getAttribute("message") + "</p>" : "";
        return "<!doctype html><title>Cart</title>" + message + "<p id='size'>" + (cart == null ? 0 : cart.size())
                + "</p>"
                + "<form method='post' action='/cart'><input type='hidden' name='_csrf' value='" + csrf.getToken()
                + "'>"
                + "<input name='product'><button id='add'>Add</button></form>";
    }

    @PostMapping("/cart")
    String add(@RequestParam String product, HttpSession session, RedirectAttributes redirect) {
        Cart cart = (Cart) session.getAttribute("cart");
        if (cart == null) {
            cart = new Cart();
        }
        cart.add(product, 1);
        session.setAttribute("cart", cart);
        redirect.addFlashAttribute("message", product + " is in your cart");
        return "redirect:/cart";
    }

    @PostMapping("/cart/checkout")
    @ResponseBody
    String checkout(HttpSession session) {
        session.removeAttribute("cart");
        return "thank you";
    }

    @GetMapping("/cart/size")
    @ResponseBody
    Callable<String> sizeLater(HttpSession session) {
        return () -> {
            Cart cart = (Cart) session.getAttribute("cart");
            session.setAttribute("counted", true);
            return "size " + (cart == null ? 0 : cart.size());
        };
    }

    @GetMapping("/ping")
    @ResponseBody
    String ping() {
        return "pong";
    }
}

# ruff: noqa: E501 - the phrases read best one alternative a line
"""The words that boilerplate is made of, in the languages that news is most often read in.

``LABELS`` are whole lines (buttons, menu entries, headings of a page's machinery); ``OPENINGS`` are
how lines of boilerplate begin; ``ANYWHERE`` are phrases that give a line away wherever they stand. All are about the page, never about the world:
a word that a story could use as a line of its own (``Russia``, ``Update``) is not here.
"""

import re
from collections.abc import Mapping
from functools import cache

_LABEL_LINES = {
    "subscription": """
        subscribe; subscribe now; subscribe today; sign up; sign up now; sign up for free; sign in
        log in; login; log out; register; register now; log in or register; sign in or register
        create account; create a free account; create an account; my account; already a subscriber
        already a member; become a member; become a subscriber; newsletter; newsletters; email address
        your email; enter your email; your email address; subscribe to our newsletter; get the app
        download the app; download our app; donate; donate now; support us; member login; rss; rss feed
        sign up for our newsletter; sign up for newsletters; email newsletters; get alerts; start free trial
        s'abonner; abonnez-vous; je m'abonne; se connecter; connexion; s'inscrire; inscription; infolettre
        abonnieren; jetzt abonnieren; anmelden; einloggen; registrieren; jetzt registrieren; abo
        suscribirse; suscríbete; suscríbase; iniciar sesión; inicia sesión; registrarse; regístrate; boletín
        abbonati; accedi; registrati; iscriviti; assine; assine já; entrar; cadastre-se; inscreva-se
        подписаться; подпишитесь; войти; вход; регистрация; зарегистрироваться; авторизация; рассылка
        підписатися; увійти; реєстрація; subskrybuj; zaloguj się; zarejestruj się; inloggen; registreren
        abonneren; giriş yap; üye ol; abone ol; kaydol; اشترك; تسجيل الدخول; 登录; 注册; 订阅; ログイン; 会員登録
        로그인; 회원가입; 구독; prenumerera; logga in; logg inn; log ind; przihlasit; přihlásit se; გამოწერა
    """,
    "sharing": """
        share; share this; share this article; share this story; share this page; share this post; share on
        share on facebook; share on twitter; share on x; share on linkedin; share on whatsapp; share via email
        share on telegram; share on reddit; share with; share link; share article; share story; tweet; tweet this
        pin it; pin; email; e-mail; email this; email this article; email to a friend; send by email; print
        print this; print this page; print article; print this article; copy link; link copied; copy this link
        copy url; copied; facebook; twitter; x; linkedin; whatsapp; telegram; instagram; youtube; pinterest; reddit
        flipboard; tiktok; vk; vkontakte; odnoklassniki; viber; messenger; threads; bluesky; tumblr; snapchat
        save; save for later; save article; saved; bookmark; like; like this; follow; follow us; follow me
        follow us on; follow us on twitter; follow us on facebook; connect with us; stay connected; social media
        listen to this article; listen; gift this article; give this article; embed; comment; copy shortlink
        partager; partager l'article; partager sur facebook; imprimer; envoyer par mail; suivez-nous; écouter
        teilen; drucken; artikel teilen; folgen sie uns; merken; per e-mail versenden; link kopieren
        compartir; compartir en facebook; imprimir; síguenos; síguenos en; enviar por correo; guardar
        condividi; stampa; seguici; seguici su; compartilhar; compartilhe; siga-nos; salvar
        поделиться; поделиться в соцсетях; распечатать; версия для печати; скопировать ссылку; отправить
        поділитися; друкувати; udostępnij; drukuj; delen; deel; afdrukken; paylaş; yazdır; شارك; طباعة
        分享; 打印; 收藏; 転載; シェア; ツイート; 공유; 인쇄; 공유하기; dela; del; sdílet; გაზიარება; compartir noticia
    """,
    "comments": """
        comments; comment; no comments; no comments yet; add comment; add a comment; add your comment
        leave a comment; leave a reply; leave comment; post a comment; post comment; write a comment; reply
        show comments; view comments; view all comments; see all comments; load comments; load more comments
        join the conversation; join the discussion; comments are closed; discussion; discuss; chat; chats
        to participate in the discussion; report comment; report abuse; comments (0); your comment; submit
        sort by newest; sort by oldest; most liked; newest first; oldest first; be the first to comment
        commentaires; laisser un commentaire; réagir; commenter; kommentare; kommentar schreiben; kommentieren
        comentarios; comentar; deja un comentario; commenti; commenta; comentários; deixe um comentário
        комментарии; комментировать; оставить комментарий; обсудить; коментарі; komentarze; skomentuj; reacties
        reageer; yorumlar; yorum yap; تعليقات; أضف تعليق; 评论; 发表评论; コメント; コメントを書く; 댓글; kommentarer
        чаты; чат; обсуждение; комментарии (0); კომენტარები; komentáře
    """,
    "related": """
        related; related articles; related stories; related content; related news; related topics; related links
        related posts; related coverage; related video; related videos; related story; related article; see also
        also read; read also; also see; read more; read more here; read next; read the full story; more stories
        read full story; read full article; read the full article; continue reading; keep reading; more
        more news; more on this story; more on this; more on this topic; more like this; more from; more top stories
        more in; more headlines; more from this author; more by this author; you may also like; you might also like
        you may like; you may also be interested in; you might be interested in; recommended; recommended for you
        recommended stories; recommended articles; recommended reading; suggested; suggested for you; don't miss
        dont miss; in case you missed it; most read; most popular; most viewed; most watched; most commented; popular
        popular posts; popular stories; popular now; trending; trending now; trending stories; trending topics
        top stories; top news; latest; latest news; latest stories; latest updates; latest articles; latest headlines
        recent posts; recent articles; recent stories; recent news; breaking news; newsfeed; news feed; what to read next
        editors' picks; editor's picks; editor's pick; editor's choice; must read; must reads; must-read; up next
        next article; previous article; next story; previous story; next post; previous post; next up; next; previous
        learn more; find out more; show more; see more; view more; load more; view all; see all; show all
        more videos; watch more; watch live; watch now; featured; featured stories; sponsored; sponsored content
        promoted; promoted content; partner content; paid content; from our partners; around the web; from the web
        tags; topics; categories; filed under; archive; archives; topics in this article; on this topic; in this story
        à lire aussi; lire aussi; lire la suite; lire plus; en savoir plus; voir aussi; sur le même sujet; articles liés
        les plus lus; à la une; dernières nouvelles; plus d'articles; à voir aussi; articles similaires; à découvrir
        mehr zum thema; lesen sie auch; auch interessant; das könnte sie auch interessieren; weiterlesen; mehr lesen
        meistgelesen; meistgelesene artikel; neueste artikel; ähnliche artikel; zum thema; mehr; aktuelle meldungen
        lea también; lee también; leer más; ver más; más noticias; noticias relacionadas; te puede interesar; más leídas
        lo más leído; lo más visto; también te puede interesar; relacionado; relacionados; últimas noticias
        leggi anche; leggi tutto; per saperne di più; articoli correlati; più letti; ultime notizie; potrebbe interessarti
        leia também; leia mais; saiba mais; mais lidas; notícias relacionadas; últimas notícias; veja também; veja mais
        читайте также; читать далее; читать также; читать полностью; подробнее; подробности; еще; ещё; по теме
        материалы по теме; похожие материалы; самое читаемое; популярное; последние новости; смотрите также; лента новостей
        главные новости; новости по теме; также по теме; новости партнеров; новости сми2; другие новости; рекомендуем; теги
        загрузка; читайте також; читати далі; дивіться також; за темою; останні новини; теми; czytaj także; czytaj więcej
        czytaj też; zobacz także; zobacz też; powiązane artykuły; najnowsze; najczęściej czytane; lees ook; lees meer
        lees verder; meer nieuws; meest gelezen; gerelateerd; ilgili haberler; ayrıca okuyun; devamını oku; son haberler
        اقرأ أيضا; اقرأ أيضاً; اقرأ المزيد; المزيد; مواضيع ذات صلة; الأكثر قراءة; 相关阅读; 相关新闻; 更多; 阅读更多; 延伸阅读
        関連記事; 続きを読む; もっと見る; おすすめ; 관련기사; 더보기; läs också; läs mer; les også; læs også; čtěte také
        წაიკითხეთ ასევე; مزید پڑھیں; और पढ़ें; यह भी पढ़ें; xem thêm; baca juga; selengkapnya
    """,
    "advertisement": """
        advertisement; advertisements; advertising; ad; ads; advert; ad feedback; sponsored by; story continues below
        story continues below advertisement; article continues below; article continues below advertisement
        article continues after ad; continue reading below; continue reading the main story; skip advertisement
        skip ad; scroll to continue; scroll down to continue; this is an ad; report this ad; remove ads; paid post
        advertisement scroll to continue; story continues; story continues after advertisement; anzeige; werbung
        publicité; publicidad; pubblicità; publicidade; реклама; на правах рекламы; reklama; reklam; reklame; advertentie
        annons; annonse; إعلان; 广告; 広告; 광고; continua après la publicité; la suite après cette publicité
        continue após a publicidade; continua a leggere dopo la pubblicità; sigue leyendo; რეკლამა
    """,
    "navigation": """
        accessibility links; skip to content; skip to main content; skip to navigation; skip links; skip to footer
        skip to search; skip to main navigation; main navigation; main menu; menu; navigation; close menu; open menu
        toggle navigation; toggle menu; search; search for; site search; home; homepage; home page; back; go back
        back to top; back to home; back to home page; back to homepage; return to top; go to top; scroll to top; to top
        close; cancel; ok; open; loading; loader; please wait; expand; collapse; toggle; play; pause; mute; unmute
        play video; watch video; view gallery; open gallery; fullscreen; full screen; live tv; text size; font size
        hide; hide caption; toggle caption; show caption; enlarge image; enlarge this image; view image in fullscreen
        about us; about; contact; contact us; contacts; help; faq; faqs; help center; sitemap; site map; site index
        privacy; privacy policy; privacy notice; terms; terms of use; terms of service; terms and conditions
        terms & conditions; cookie policy; cookies; cookie settings; cookie preferences; manage cookies; legal notice
        do not sell my personal information; do not sell or share my personal information; your privacy choices
        ad choices; adchoices; advertise; advertise with us; careers; jobs at; press office; media kit; accessibility
        accessibility statement; editorial policy; corrections; disclaimer; imprint; accept; accept all; accept cookies
        i accept; agree; i agree; reject all; decline; got it; all rights reserved; edition; choose edition; language
        languages; select language; change language; choose your language; international edition; mobile version
        full version; desktop version; site information; e-paper; epaper; print edition; audio; transcript
        image source; image caption; media caption; photo caption; advertising policy; switch to mobile version
        accueil; recherche; rechercher; fermer; retour; haut de page; aller au contenu; mentions légales; contactez-nous
        politique de confidentialité; startseite; suche; suchen; schließen; zurück; impressum; datenschutz; kontakt; nach oben
        zum inhalt; zum inhalt springen; agb; inicio; buscar; cerrar; volver; aviso legal; contacto; política de privacidad
        ir al contenido; cerca; chiudi; contatti; privacy e cookie; início; busca; fechar; fale conosco; voltar ao topo
        главная; поиск; закрыть; назад; наверх; меню; о нас; контакты; о проекте; обратная связь; политика конфиденциальности
        пользовательское соглашение; мобильная версия; головна; пошук; про нас; контакти; strona główna; szukaj; zamknij
        polityka prywatności; o nas; zoeken; sluiten; over ons; ana sayfa; ara; kapat; iletişim; hakkımızda; الرئيسية; بحث
        اتصل بنا; من نحن; 首页; 搜索; 关于我们; 返回顶部; 联系我们; ホーム; 検索; 閉じる; 홈; 검색; მთავარი; ძებნა; კონტაქტი
        следующий материал; предыдущий материал
    """,
}

OPENINGS = {
    "subscription": r"""
        sign[ -]?up (?:here|now|today|for (?:our|the|free|a|an|your|more|\w+['’]s|updates|news|breaking|daily|weekly)\b)
        subscribe (?:now|here|today|for|to (?:our|the|my|this|read|continue|get|unlock|receive|\w+['’]s|access)\b)
        get (?:the |our |all the |your )?(?:latest|top|breaking|daily|weekly|morning|best|free|biggest)\b.{0,80}\b(?:inbox|newsletter|e-?mail|alerts?|delivered|app|updates)\b
        get .{3,60}(?:delivered|straight|sent|direct(?:ly)?) to your (?:inbox|phone|e-?mail)
        get .{0,50}\b(?:newsletter|inbox)\b
        enter your e-?mail
        join our .{0,40}(?:newsletter|mailing list|channel|telegram|whatsapp|community)
        already (?:have an account|a (?:subscriber|member)\?|registered\?|subscribed\?)
        (?:log|sign) ?in (?:or|to|with|using)\b.{0,60}(?:register|sign up|subscribe|comment|account|continue|facebook|google|read|access|create)
        register (?:now|here|today|for (?:free|our)|or (?:log|sign) in|to (?:continue|read|comment))
        create (?:a|an|your) (?:free )?account
        you (?:have|['’]ve) (?:reached|read|used|exceeded) (?:your|all|the)\b.{0,40}(?:limit|free|articles)
        this (?:article|content|story) is (?:for|available (?:only )?to|reserved for|exclusive to) .{0,30}(?:subscribers|members)
        (?:please )?support (?:our|independent|quality|local|us)\b.{0,60}(?:journalism|reporting|work|newsroom|donat|subscri|today|\bby\b)
        (?:don['’]t|never) miss (?:a|an|out|any|our|the)\b.{0,60}(?:newsletter|sign up|subscribe|alerts?|app|follow|story|update)
        download (?:the|our)\b.{0,40}\bapp\b
        stay (?:tuned|informed|up to date|up-to-date|in the (?:know|loop|conversation)|connected|on top)\b.{0,100}(?:news|newsletter|sign|subscribe|follow|alerts?|updates?|with us)
        (?:do you )?(?:have|got) (?:a|any|an) (?:news )?(?:tip|story idea|confidential tip|story to share)\b
        if you (?:value|like|enjoy|appreciate|believe in) (?:our|what (?:we do|you read)|this (?:article|story)|independent)
        would you like to (?:receive|get|subscribe|sign up)
        want (?:more|to (?:get|receive|read more|stay)|this|unlimited)\b.{0,80}(?:newsletter|subscribe|sign up|inbox|subscription|click here|follow)
        (?:like|love) (?:what you(?:['’]re| are)? read|this (?:article|story))
        thank you for (?:reading|supporting|subscribing|signing up|your (?:support|subscription)|registering)
        abonnez-vous (?:à|au|pour|dès)
        inscrivez-vous (?:à|pour|gratuitement)
        recevez .{0,60}(?:newsletter|e-?mail|boîte|infolettre)
        (?:cet )?article (?:est )?réservé aux abonnés
        (?:jetzt|hier) .{0,30}(?:abonnieren|anmelden|registrieren)
        melden sie sich .{0,40}(?:newsletter|an)\b
        suscríbe(?:te|ase) (?:a|al|para|gratis|aquí)
        recibe .{0,50}(?:correo|boletín|newsletter|alertas)
        regístrate (?:para|gratis|y|aquí)
        iscriviti (?:alla|al|per|a)
        assine (?:o|a|nossa|agora|e)\b
        receba .{0,60}(?:e-?mail|newsletter|notícias)
        подпи(?:шитесь|сывайтесь|шись) на
        подписывайтесь
        войдите .{0,40}(?:чтобы|или|зарегистр)
        зарегистрируйтесь
        (?:для|чтобы) .{0,40}(?:авториз|войдите|зарегистр|войти)
        підпи(?:шіться|суйтесь|шись) на
        zapisz się (?:na|do)
        schrijf je in
        abone ol(?:un|mak)
    """,
    "sharing": r"""
        (?:follow .{0,80}(?:@\w|\b(?:twitter|facebook|instagram|bluesky|threads)\b)|(?:contact|reach|e-?mail):? .{0,80}@\w)
        (?:follow|visit) .{2,60} for (?:more|the latest|updates|all)\b.{0,60}
        follow (?:us|me|our|@|him|her|them|along|the (?:author|writer|reporter|story|news))\b.{0,80}
        follow .{2,60} (?:on|at) (?:twitter|facebook|instagram|x\b|threads|bluesky|telegram|youtube|linkedin|tiktok|mastodon|social|google news|whatsapp)
        share (?:this|via|your (?:thoughts|story|opinion|views)|the (?:article|story|post))\b.{0,80}$
        share on .{0,40}$
        (?:like|find|join|visit|watch|connect with|friend) us (?:on|at) (?:facebook|twitter|instagram|youtube|telegram|x\b|linkedin|social|whatsapp|our)
        (?:click|tap) (?:here|on|the|to|below|play|through)\b
        (?:opens|open|opened) in (?:a )?new (?:window|tab)
        tweet (?:this|us|@|to)
        (?:e-?mail|print|save) this (?:article|story|page|post)
        (?:send|email|write to|contact|reach) (?:us|the (?:reporter|author|writer|editor|newsroom|columnist))\b.{0,60}(?:@|at|on|via|to|here|feedback|tips?|your)
        (?:send|submit) (?:us )?(?:your |a |news )?(?:news )?(?:tips?|feedback|letters?|photos|story ideas)\b
        (?:suivez|retrouvez|rejoignez)[ -]nous sur
        suivez .{0,40} sur (?:facebook|twitter|instagram|x\b|whatsapp|google)
        folgen sie uns
        (?:síguenos|síganos|sigue) .{0,40}(?:en|twitter|facebook|instagram|redes)
        seguici su
        siga .{0,40}(?:no|nas|twitter|facebook|instagram|redes)
        (?:следите|присоединяйтесь|читайте нас|мы в) .{0,60}(?:telegram|телеграм|вконтакте|facebook|twitter|дзен|соцсет|viber|max\b)
        нашли (?:ошибку|опечатку)
        (?:если вы )?(?:нашли|заметили|обнаружили) (?:ошибку|опечатку)
        если вы (?:нашли|заметили|обнаружили) (?:ошибку|опечатку)
        знайшли помилку
    """,
    "comments": r"""
        to (?:participate in|join|leave|post|add|take part in|view|read)\b.{0,40}(?:discussion|comments?|conversation|debate)(?:$|.{0,60}\b(?:log|sign|regist|subscri|account|please|must))
        (?:you must|please|you need to) (?:be logged in|log ?in|sign ?in|login|register|be registered)
        your e-?mail address will not be published
        required fields are marked
        (?:leave|post|add|write|submit) (?:a|your) (?:comment|reply)\b
        be the first to (?:comment|know|write|like|reply)
        (?:\d[\d,.]* )?comments? (?:are|is|have been|were|on this|for this|posted|section|policy|guidelines)\b.{0,80}(?:closed|moderat|disabled|policy|guidelines|welcome|turned off|review|publish|article|story|opinions?|the responsib)
        commenting (?:rules|guidelines|policy|(?:is|has been) (?:now )?(?:closed|disabled))\b
        we (?:have implemented|reserve the right|welcome (?:your )?comments|encourage (?:your )?comments|moderate)\b.{0,120}(?:comments?\b|comment section|moderat)
        view (?:all )?\d+ comments
        (?:show|load|see|read) (?:all )?(?:\d+ )?(?:more )?comments
        join the (?:conversation|discussion|debate)\b
        have your say
        (?:what do you think|tell us what you think|let us know what you think)\b.{0,60}(?:comment|below|@|e-?mail|tell us)
        (?:les commentaires|votre adresse e-?mail|vous devez être connecté|connectez-vous|pour réagir|pour commenter)\b
        (?:ihre e-?mail-adresse wird nicht|um kommentieren zu können|bitte melden sie sich an|die kommentarfunktion)
        (?:tu dirección de correo|su dirección de correo|debes (?:iniciar|estar)|para comentar|los comentarios)\b.{0,80}(?:publicad|sesión|comentar|cerrados|debes|usuarios|responsab)
        (?:o seu endereço de e-?mail|você precisa (?:estar|entrar)|para comentar|os comentários são)
        (?:il tuo indirizzo email|devi essere connesso|per commentare)
        (?:ваш (?:e-?mail|адрес)|чтобы оставить комментарий|для комментирования|комментарии (?:закрыты|отключены|могут)|доступ к чату|чтобы участвовать|правила комментирования)
        (?:twój adres e-?mail|aby dodać komentarz|komentarze są|zaloguj się,? aby)
        (?:je moet ingelogd|log in om)
    """,
    "related": r"""
        (?:read|see|learn|find out|discover|watch|hear|view) (?:more|also|next)\b(?: ?[:|»>→–—-]| (?:about|on|at|from|here|in|stories|of our|news)\b)
        (?:also|further) (?:read|see|on|reading|in)\s?[:|»>→–—-]
        (?:more|related|also|latest|must[ -]read|must[ -]see|watch|live|photos?|video|videos|gallery|listen|podcast|opinion|analysis|explainer|explained|quiz|poll|map|graphic|interactive|in pictures|in photos|from the archives?|related (?:stories|articles?|coverage|content|story|news|links?|video)|read|read more|read also|also read|see also|read next|don['’]t miss|recommended|further reading|in case you missed it|icymi|fact check|flashback|up next|top stories|trending|tags?|topics?|keywords?|categories|category|filed under|posted in|tagged|labels|published in|source link|via) ?[:|►▶»] ?
        more (?:from|on|about|in|stories|headlines|coverage|articles)\b.{0,50}$
        (?:read|see|check out|view|browse|explore|find|visit|discover) (?:all|more of|the full|our (?:full|complete|other|latest|special|live)|other|full)\b.{0,60}(?:here|coverage|stories|story|articles?|posts|news|list|below|section|page|report)$
        (?:you (?:may|might|can)|people) (?:also )?(?:like|be interested|enjoy|want to read|read)\b.{0,40}$
        this (?:post|article|story|page|entry|content|news) (?:is|was) (?:also )?(?:available|posted|filed|published|tagged|translated) (?:also )?(?:in|under|on|as|with|into|from)\b.{0,120}$
        (?:also )?available (?:also )?in(?: other languages| the following languages)?:
        (?:read|view) (?:this|in|the) .{0,20}(?:in|english|spanish|french|russian|arabic|chinese|original)\b.{0,30}$
        (?:next|previous|prev|older|newer) (?:article|story|post|page|posts|entry|news|»|«|→|←|:)
        (?:[àa] lire|lire|voir|lire aussi|sur le même (?:thème|sujet)|écoutez|regardez)(?: aussi)?(?: également)? ?[:>»|]
        (?:lesen sie (?:auch|hier|mehr)|mehr (?:zum thema|dazu)|auch interessant|siehe auch|lesetipp)\b ?(?:[:>»|-]|.{0,60}$)
        (?:lea|lee|leer|ver|vea|mira|te puede interesar|puede leer|además|le puede interesar|más información)(?: también| además| más)? ?[:>»|]
        (?:leggi anche|vedi anche|approfondisci|guarda anche|leggi) ?[:>»|-]
        (?:leia|veja|saiba|confira|assista)(?: também| mais) ?(?:[:>»|]|.{0,60}$)
        (?:читайте|смотрите|см\.|узнайте|подробнее|по теме|читать|фото|видео|теги|источник)(?: также| ещё| еще| далее| на тему| больше| в материале)? ?[:>»|]
        (?:читайте|смотрите|слушайте) (?:также|еще|ещё|на\b).{0,80}$
        (?:читайте|дивіться|теги|за темою)(?: також| ще)? ?[:>»|]
        (?:czytaj|zobacz|przeczytaj|oglądaj)(?: także| też| również| więcej)? ?[:>»|]
        (?:lees|bekijk|luister)(?: ook| meer| verder)? ?[:>»|]
        lees (?:ook|meer|verder)\b.{0,60}$
        (?:ayrıca|ilgili|etiketler) ?[:>»|]
        (?:اقرأ|شاهد|للمزيد|المزيد)(?: أيضا| أيضاً| المزيد| أيضًا)? ?[:>»|]
        (?:延伸阅读|相关(?:阅读|新闻|链接|报道)|标签|责任编辑|編輯|编辑|来源|関連(?:記事|ニュース)|관련 ?(?:기사|뉴스)|더 ?보기) ?[:：】>]
    """,
    "advertisement": r"""
        (?:story|article|post|text) continues (?:below|after|following)
        (?:continue|keep) reading (?:below|the main|after|this)
        (?:advertisement|sponsored|promoted|paid (?:post|content|for|advertisement))\b.{0,50}$
        (?:anzeige|publicité|publicidad|реклама|werbung)\b[.:|–—-].{0,50}$
        (?:scroll|swipe) (?:down|up|left|right|to|for)\b.{0,50}$
        we (?:may|might) (?:earn|receive|get) (?:a|an|affiliate)?\b.{0,30}commission
        (?:purchases you make|when you (?:buy|purchase|click)|if you (?:buy|purchase|click))\b.{0,80}(?:commission|affiliate)
        (?:prices|deals) (?:were|are|is) (?:accurate|correct|subject)\b
        shop (?:now|the|our|this)\b.{0,50}$
        use (?:promo |coupon |discount )?code\b.{0,60}$
    """,
    "navigation": r"""
        skip to\b.{0,40}$
        (?:jump|go|back|return) to (?:the )?(?:top|content|main|home|homepage|navigation|start|comments|section|menu|search|article)\b.{0,30}$
        (?:please )?(?:enable|turn on|activate) (?:javascript|cookies|js)\b
        (?:your|this) (?:browser|device)\b.{0,60}(?:support|javascript|html5|outdated|unsupported|video|enabled|disabled)
        (?:javascript|cookies?) (?:is|are|must be|needs to be|seems to be) (?:disabled|required|enabled|turned off)
        (?:video|media|audio) (?:player|source|playback|content|not|no|is|cannot|could not|unavailable)\b.{0,60}(?:load|available|supported|unavailable|playing|error|play|loading|failed|support)
        (?:no|this) (?:media|video|audio)(?: source)? (?:is )?(?:currently |not )?(?:available|loaded|supported|unavailable|cannot be played)
        (?:hide|show|toggle|enlarge|view|expand|close) (?:the |this )?(?:caption|image|photo|gallery|menu|transcript|player|video|full[- ]?screen|larger|sidebar|navigation|search)\b.{0,30}$
        page \d+(?: ?(?:of|/) ?\d+)?$
        (?:this|the) (?:article|story|post) is (?:more than|over) \d+ (?:month|year)s? old$
        from wikipedia, the free encyclopedia$
        seite \d+(?: ?(?:von|/) ?\d+)?$
        (?:страница|стр\.) \d+(?: из \d+)?$
        (?:image|photo|picture|slide|video|gallery) \d+ (?:of|/) \d+
        \d+ ?(?:of|/) ?\d+$
        (?:select|choose|change|switch) (?:a |your |the )?(?:language|edition|region|country|city|location)\b.{0,30}$
        (?:last |page |first )?(?:updated|modified|published|posted|created|edited|printed)(?: on| at|:| by)?:? .{0,12}\d.{0,60}$
        (?:published|updated|posted|modified|last updated)(?: on| at)? ?:.{0,60}$
        (?:publié|mis à jour|modifié|actualisé) (?:le|à|il y a)\b.{0,60}$
        (?:stand|veröffentlicht|aktualisiert)(?: am)? ?:? ?\d.{0,50}$
        (?:publicado|actualizado|publicada|atualizado|modificado)(?: el| em| a las| às)? ?:? ?\d.{0,60}$
        (?:опубликовано|обновлено|дата публикации|время публикации)\b.{0,60}$
        (?:today|yesterday|heute|gestern|aujourd['’]hui|hier|hoy|ayer|oggi|ieri|hoje|сегодня|вчера)?(?: at|,| um| à| a las| alle| às| в)? ?\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\.?)?(?: ?(?:gmt|utc|est|edt|et|bst|cet|msk|мск|uhr|pst|pdt|pt))?$
        \d+ ?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|h|m|d) ago\b.{0,20}$
        (?:vor|il y a|hace|há|fa) \d+ .{2,20}$
        \d+ (?:минут\w*|час\w*|дн\w*|день) назад$
        (?:estimated )?(?:reading|read) time\b.{0,30}$
        \d+ ?[- ]?min(?:ute)?s?\.? ?(?:read|de lecture|lesezeit|de lectura|di lettura|de leitura|чтения|listen|watch)$
        (?:lesezeit|temps de lecture|tiempo de lectura|tempo di lettura|tempo de leitura|время (?:чтения|на чтение))\b.{0,30}$
        \d[\d.,]*[km]? ?(?:views?|shares?|likes?|comments?|reads?|retweets?|followers?|subscribers?|votes?|просмотр\w*|комментари\w*|коммент\w*|commentaires?|kommentare?|comentarios?|commenti|comentários?|vues|reacties|yorum)$
        (?:views?|shares?|likes?|просмотры|просмотров|hits|visits) ?:? ?\d[\d.,]*[km]?$
    """,
    "cookies": r"""
        we (?:and our (?:partners|\d+ partners)|use|value your privacy|care about your privacy|process|store)\b.{0,120}(?:cookies?|privacy|personal data|your (?:data|experience|consent|device))
        (?:this|our|the) (?:web ?)?(?:site|page|website|portal) uses? (?:\w+ )?cookies
        by (?:clicking|continuing|using|subscribing|signing|submitting|registering|entering|accepting|closing|creating|browsing|proceeding|providing)\b.{0,120}\b(?:you (?:agree|accept|consent|confirm|acknowledge|are agreeing)|our (?:terms|privacy|cookie))
        (?:i|you) (?:agree|consent) to (?:our|receive|the (?:terms|privacy|use of cookies))\b
        (?:manage|cookie|accept|reject|privacy) .{0,20}(?:cookies|settings|preferences|consent|choices|policy|options)$
        (?:nous utilisons|ce site utilise|en poursuivant|ce site web utilise)\b.{0,120}(?:cookies|navigation)
        (?:wir (?:verwenden|nutzen|benutzen)|diese (?:web)?seite (?:verwendet|nutzt|benutzt)|unsere website|mit der nutzung)\b.{0,120}cookies
        (?:utilizamos|usamos|este (?:sitio|site)|al (?:continuar|navegar)|ao (?:continuar|navegar))\b.{0,120}cookies
        (?:questo sito|utilizziamo|usiamo)\b.{0,120}cookie
        (?:мы используем|этот сайт использует|продолжая|используя|сайт использует|на сайте используются|оставаясь на)\b.{0,160}(?:cookie|куки|файл|соглаша|согласи)
        (?:ми використовуємо|цей сайт)\b.{0,120}(?:cookie|файл)
        (?:ta strona|używamy|nasza strona|korzystając)\b.{0,120}(?:cookie|ciastecz)
        (?:deze (?:web)?site|wij gebruiken|we gebruiken)\b.{0,120}cookies
        (?:protected by|this site is protected by) .{0,20}captcha
    """,
    "copyright": r"""
        (?:©|(?:\(c\)|copyright:?)(?: ©| \(c\)| by)? ?\d{4}|copyright ?(?:©|\(c\)|:)).{0,160}$
        all rights reserved
        (?:any|no part) .{0,60}(?:reproduction|reproduced|republish\w*|redistribut\w*|reprint\w*)\b.{0,160}(?:permission|prohibited|consent|forbidden)
        (?:materials?|content|texts?|articles?|republishing|reprinting|reproduction|copying)\b.{0,60}(?:may not be (?:published|reproduced|copied)|without (?:the )?(?:prior |written |express )+(?:permission|consent))
        this (?:material|article|content|story|work|page|post) (?:may not be|(?:was )?(?:first |originally )+(?:appeared|published|produced)|is (?:licensed|republished|reprinted))\b.{0,160}$
        (?:tous droits réservés|alle rechte vorbehalten|todos los derechos reservados|tutti i diritti riservati|todos os direitos reservados|все права защищены|всі права захищені|wszelkie prawa zastrzeżone|alle rechten voorbehouden|tüm hakları saklıdır|جميع الحقوق محفوظة|版权所有|著作権|무단 ?전재)
        (?:использование|перепечатка|копирование|при (?:использовании|цитировании|перепечатке|копировании|полном))\b.{0,120}(?:материал|ссылк|разрешен|информаци)
        (?:photo|image|picture|photograph|photography|video|graphic|illustration|cover|credit|photos|images|featured image|foto|bild|crédit|crédits|credito|photo credit|image credit|fotos|фото|фотография|иллюстрация|zdjęcie|imagen|photograph by|getty images|picture alliance) ?(?:by|credit|credits|courtesy|source|caption|via|crédit)? ?[:/|©] ?.{1,80}$
        (?:photo|photograph|image|picture|illustration)s? (?:by|courtesy(?: of)?|via|credit)\b.{1,60}(?<![.!?"”])$
        (?:getty images|shutterstock|istock|reuters|ap photo|afp|epa|unsplash|alamy)\b ?[/|].{0,60}$
    """,
    "notice": r"""
        \(?(?:this|the) (?:story|article|post|page|piece|report|column) (?:was|has been|is being|will be) (?:\w+ )?(?:updated|corrected|amended)\b.{0,160}$
        (?:an? )?(?:earlier |previous )?version of this (?:story|article|report|column|post)\b.{0,160}(?:newsletter|appear|incorrect|misstated|misidentified|misspelled|edition)
        (?:this|the) transcript (?:was|is|has been) .{0,40}(?:generated|transcribed|edited)
    """,
    "byline": r"""
        (?:[Bb]y|BY|Von|VON|Por|POR|Par|PAR|Автор|Door|Текст):? (?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December)(?:[A-ZÀ-ÞА-Я][\w.'’-]+|[A-Z]\.)(?:(?:,| and| und| y| et| e|,? [&|])? (?:(?:de|van|von|der|del|la|al|bin|ben|le|du|da|dos|di|el|ter|den) )*(?:[A-ZÀ-ÞА-Я][\w.'’-]+|[A-Z]\.)){0,9}(?: for [A-Z].{0,40}|,? ?[|·•–—,-].{0,60})?$
        (?:[Ww]ritten|[Rr]eported|[Ee]dited|[Cc]ompiled|[Tt]ranslated|[Pp]osted|[Pp]ublished|[Pp]roduced|[Ss]tory|[Rr]eporting|[Ww]ords|[Tt]ext|[Ii]nterview|[Aa]dditional reporting|[Vv]ideo|[Ww]riting|[Ee]diting) by:? [A-ZÀ-ÞА-Я].{1,120}$
        (?:Reporting|REPORTING|Writing|Editing|Additional reporting|Compiled|Contributing|CONTRIBUTING|Contributed|Contributors?|Our [Ss]tandards|Authors?|Editors?|Sources?|Автор|Авторы|Редактор|Источник|Autora?|Auteur|Quellen?|Fuente|Fonte|Redaktion)(?: by| from)?:.{0,120}$
        (?:The )?[A-Z][\w. ,]{2,60} contributed (?:to this (?:report|story|article|column)|reporting)\b
        (?:With|From) (?:additional |staff |and |wire )*(?:reporting|reports|input|files)(?: (?:by|from|with)\b.{0,60})?$
        (?:[–—−-]{1,2} ?|\()(?:Reporting|Additional reporting|Editing|With reporting|With files)\b.{0,160}$
    """,
}

ANYWHERE = (
    (
        "copyright",
        r"all rights reserved|may not be (?:published, broadcast|reproduced|republished)",
    ),
    ("copyright", r"©\s?\d{4}|copyright (?:©|\(c\)|\d{4})|все права защищены"),
    ("cookies", r"our (?:cookie|privacy) policy|terms of (?:use|service)\b.{0,40}\bprivacy policy"),
    ("subscription", r"(?:sign up|subscribe) (?:for|to) .{0,60}(?:newsletter|e-?mail list)"),
    (
        "subscription",
        r"(?:subscribe|sign up) (?:here|now|today)\b|stay tuned for (?:\w+ )*(?:updates|news)",
    ),
    ("sharing", r"(?:like|follow|join) us on (?:facebook|twitter|x\b|instagram|telegram)"),
    ("sharing", r"\b(?:reach|e-?mail|contact|follow) (?:him|her|them|me|the reporter)\b.{0,40}@\w"),
    ("related", r"(?:post|article|page|story) is also available in"),
    ("subscription", r"support (?:local|quality|independent|our) journalism"),
    (
        "sharing",
        r"(?:can be reached|keep up with (?:him|her)|connect with (?:him|her|me))\b.{0,60}@\w",
    ),
    (
        "advertisement",
        r"earn (?:us )?(?:\w+ ){0,6}(?:affiliate|commission)|affiliate (?:fee|link)s?\b",
    ),
    ("related", r"click here (?:to|for)\b"),
    ("navigation", r"^(?:this|the) page was last (?:edited|modified|updated|changed)\b"),
    ("byline", r"\bcontributed (?:to this (?:report|story|article)|reporting)\.?$"),
)


_ANYWHERE_HINTS = (
    "rights", "may not be", "©", "copyright", "права", "policy", "sign up", "subscribe",
    "stay tuned", "us on", "@", "journalism", "affiliate", "commission", "click here", "contributed", "page was last", "also available",
)  # fmt: skip


_LONG_HINTS = (
    *_ANYWHERE_HINTS, "sign-up", "newsletter", "e-mail", "inbox", "cookie", "comment", "version of this",
    "transcript", "follow", "subscri", "donat", "куки", "файл", "подпис", "коммент", "материал",
    "abonn", "suscr", "regist", "updated", "corrected",
)  # fmt: skip


def _split_labels(groups: Mapping[str, str]) -> dict[str, str]:
    return {
        label.strip(): reason
        for reason, block in groups.items()
        for line in block.strip().splitlines()
        for label in line.split(";")
    }


def _join_alternatives(block: str) -> str:
    return "|".join(f"(?:{line.strip()})" for line in block.strip().splitlines())


_Patterns = tuple[tuple[str, re.Pattern[str]], ...]
_LONGEST_LABEL = 60
_LONG = 200
_LONGEST = 1200
_LONGEST_ANYWHERE = 400
_QUOTED = re.compile(r"[\"“”«„][^\"“”«»]*(?:[\"”»]|$)")
_LINKS = frozenset({"related", "advertisement", "navigation"})
_QUOTES = frozenset('"“”„«‘')
_BULLETS = "-–—−•◦▪●■►▶»›>*+·📩📧✉👉➡→🔔 \t([|"
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_NUMBERED = re.compile(r"\d+[.)]")
_COUNTED = re.compile(r"^[\W\d_]+|[\W\d_]+$")
LABELS = _split_labels(_LABEL_LINES)


@cache
def _compile_patterns() -> tuple[_Patterns, _Patterns]:
    """The compiled ``OPENINGS`` and ``ANYWHERE``, made on first use because it takes a while."""
    openings = tuple(
        (reason, re.compile(_join_alternatives(block), 0 if reason == "byline" else re.IGNORECASE))
        for reason, block in OPENINGS.items()
    )
    anywhere = tuple((reason, re.compile(line, re.IGNORECASE)) for reason, line in ANYWHERE)
    return openings, anywhere


def name_label(line: str) -> str:
    """Which kind of button, menu entry or heading the whole of ``line`` is; empty for none."""
    folded = line.casefold().strip()
    if len(folded) > _LONGEST_LABEL:
        return ""
    counted = "" if _NUMBERED.match(folded) else LABELS.get(_COUNTED.sub("", folded), "")
    return LABELS.get(_EDGES.sub("", folded)) or counted


def name_phrase(line: str) -> str:
    """Which kind of page machinery the whole of ``line`` is by its words; empty when it is none.

    A line in quotation marks is somebody's words, and one that ends like a sentence is no link.
    """
    folded = line.casefold().strip()
    reason = name_label(line)
    if reason:
        return reason
    if len(line) > _LONGEST or folded[0] in _QUOTES:
        return ""
    if len(line) > _LONG and not any(hint in folded for hint in _LONG_HINTS):
        return ""
    ends_open = folded[-1] not in ".!…\"”»'’)" or len(line) < 30
    bare = line.lstrip(_BULLETS)
    openings, anywhere = _compile_patterns()
    for reason, pattern in openings:
        if (ends_open or reason not in _LINKS) and pattern.match(bare):
            return reason
    if len(line) > _LONGEST_ANYWHERE or not any(hint in folded for hint in _ANYWHERE_HINTS):
        return ""
    said_by_page = _QUOTED.sub("", line)
    return next((reason for reason, pattern in anywhere if pattern.search(said_by_page)), "")

"""The doctor's words in Japanese: how it stands, what to do."""

from __future__ import annotations

JAPANESE: dict[str, tuple[str, str]] = {
    "domain.fine": ("{name} は {zone} のゾーンにあります。", ""),
    "domain.github": (
        "GitHub のアドレスで公開しています。設定は必要ありません。",
        "独自ドメインを使うには、書斎の「独自ドメインを使う」を選ぶか、baseURL を設定してください。",
    ),
    "domain.none": (
        "config.toml の baseURL に公開アドレスがありません。",
        "baseURL に https://www.example.com/ のようなサイトのアドレスを書いてください。",
    ),
    "domain.unregistered": (
        "{zone} は登録されていないか、まだネームサーバーがありません。",
        "ドメインを登録してください。登録したばかりなら一日ほど待ち、下のレコードを設定してください。",
    ),
    "domain.failed": (
        "{name} について DNS の応答がありません：{detail}",
        "このコンピューターの接続と、ドメインのネームサーバーの状態を確認してください。",
    ),
    "address.fine": ("baseURL は {address} です。", ""),
    "address.path": (
        "baseURL は {address} ですが、独自ドメインにはパスが付かず、サイトは {root} に表示されます。",
        "baseURL を {root} に変えて、公開してください。",
    ),
    "address.http": (
        "baseURL が http:// で始まっています。リンクやフィードがまず安全でないアドレスへ導きます。",
        "baseURL を {root} に変えて、公開してください。",
    ),
    "a.fine": ("{name} は GitHub のサーバーを指しています。", ""),
    "a.missing": (
        "{name} はどこも指していません。",
        "ドメインの DNS に、次の四つの A レコードを追加してください。",
    ),
    "a.partial": (
        "GitHub のサーバーの一部が足りません。表示はできますが、残りが止まると見られなくなります。",
        "足りない A レコードも追加してください。",
    ),
    "a.foreign": (
        "{name} は GitHub 以外のサーバーを指しています。",
        "その A レコードを削除し、GitHub の四つを追加してください。",
    ),
    "a.mixed": (
        "{name} は GitHub とほかのサーバーの両方を指し、どちらが開くか決まっていません。",
        "GitHub のものではない A レコードを削除し、足りないものを追加してください。",
    ),
    "a.old": (
        "{name} は、GitHub がずっと前に使わなくなった、HTTPS のないアドレスを指しています。",
        "GitHub の現在の四つの A レコードに置き換えてください。",
    ),
    "aaaa.fine": ("{name} は IPv6 でも GitHub のサーバーを指しています。", ""),
    "aaaa.missing": (
        (
            "{name} に IPv6 のアドレスがありません。表示はできますが、"
            "モバイル回線によっては遅くなることがあります。"
        ),
        "次の四つの AAAA レコードも追加してください。",
    ),
    "aaaa.partial": (
        "GitHub の IPv6 アドレスの一部が足りません。",
        "足りない AAAA レコードも追加してください。",
    ),
    "aaaa.foreign": (
        (
            "IPv6 では {name} が GitHub 以外のサーバーを指しています。多くの訪問者にこのサイトが見えず、"
            "GitHub も証明書を作れません。"
        ),
        "その AAAA レコードを削除し、GitHub の四つを追加してください。",
    ),
    "cname.fine": ("{name} は {target} を指しています。", ""),
    "cname.missing": (
        "{name} はどこも指していません。",
        "ドメインの DNS に、次の CNAME レコードを追加してください。",
    ),
    "cname.missing_partner": (
        "{name} はどこも指していません。この名前を入力した訪問者にはエラーが出ます。",
        "次の CNAME レコードも追加してください。GitHub が {host} へ転送します。",
    ),
    "cname.unknown_owner": (
        "{name} は {value} を指しています。どの GitHub アカウントのサイトかは設定されていません。",
        "自分のアカウント名かどうかを確かめるか、リポジトリをこのフォルダーのリモートに追加してください。",
    ),
    "cname.other_owner": (
        "{name} は別のアカウントの {value} を指しています。",
        "CNAME レコードの値を {target} にしてください。リポジトリ名は付けません。",
    ),
    "cname.apex": (
        "{name} は {value} を指しています。これでは GitHub が両方の名前の証明書を作れないことがあります。",
        "CNAME レコードの値を {target} にしてください。",
    ),
    "cname.detour": (
        "{name} は {value} を経由して GitHub を指しています。その名前が使えるあいだだけ動きます。",
        "CNAME レコードの値を直接 {target} にしてください。",
    ),
    "cname.foreign": (
        "{name} は GitHub ではなく {value} を指しています。",
        "CNAME レコードの値を {target} にしてください。",
    ),
    "cname.addresses": (
        "{name} に CNAME レコードではなく A レコードがあります。GitHub のアドレスが変わるまでは動きます。",
        "{name} の A と AAAA レコードを削除し、次の CNAME レコードを追加してください。",
    ),
    "cname.foreign_addresses": (
        "{name} は GitHub 以外のサーバーを指しています。",
        "{name} の A と AAAA レコードを削除し、次の CNAME レコードを追加してください。",
    ),
    "wildcard.fine": ("設定していない名前はどこも指していません。", ""),
    "wildcard.found": (
        "{name} の下のすべての名前が GitHub を指しています。他人が自分のページを表示できてしまいます。",
        "* のレコードを削除してください。",
    ),
    "caa.none": ("どの認証局も証明書を発行できます。GitHub の使う認証局も含まれます。", ""),
    "caa.fine": ("GitHub の使う認証局 Let's Encrypt に発行が許可されています。", ""),
    "caa.blocks": (
        "{zone} の CAA レコードが GitHub の使う認証局を許可していないため、HTTPS が使えません。",
        "ほかのものに加えて、次の CAA レコードを追加してください。",
    ),
    "challenge.fine": ("証明のレコードがあります。", ""),
    "challenge.verified": ("ドメインの所有が GitHub で確認されています。", ""),
    "challenge.missing": (
        "所有の証明がありません。サイトを止めたときに、他人にドメインを乗っ取られるおそれがあります。",
        (
            "GitHub で（リポジトリではなく）アカウントの Settings → Pages を開き、"
            "「Add a domain」を選び、表示される TXT レコードを {record} という名前で追加してください。"
        ),
    ),
    "challenge.unknown": (
        "どの GitHub アカウントのサイトか分かりません。",
        (
            "リポジトリをこのフォルダーのリモートに追加してください："
            "git remote add origin https://github.com/USER/REPOSITORY.git"
        ),
    ),
    "file.fine": ("{name} と書かれています。", ""),
    "file.missing": (
        "ブランチ {branch} に CNAME ファイルがありません。公開のたびに GitHub がドメインを忘れます。",
        "もう一度公開してください。ファイルは Meishi が自動で置きます。",
    ),
    "file.other": (
        "{value} と書かれていますが、サイトは {name} です。",
        "もう一度公開してください。static/CNAME があれば、{name} に書き換えるか、削除してください。",
    ),
    "file.unpublished": (
        "まだ公開していないか、その後リモートを確認していません。",
        "公開してください。ファイルは Meishi が自動で置きます。",
    ),
    "file.ci": (
        "GitHub Actions で公開しているため、ドメインはこのファイルではなく GitHub の設定で決まります。",
        "",
    ),
    "pages.fine": ("サイトは {name} で表示され、HTTPS が必須になっています。", ""),
    "pages.no_token": (
        "確認していません。GitHub の設定を見るにはトークンが必要です。",
        "環境変数 GITHUB_TOKEN を設定するか、ご自分で確認してください：{settings}",
    ),
    "pages.unknown": (
        "確認していません。このフォルダーに GitHub のリモートがありません。",
        "追加してください：git remote add origin https://github.com/USER/REPOSITORY.git",
    ),
    "pages.failed": (
        "GitHub の応答がありません：{detail}",
        "あとでもう一度確認するか、ご自分で確認してください：{settings}",
    ),
    "pages.off": (
        "{repository} の GitHub Pages が有効になっていないか、トークンに設定を見る権限がありません。",
        (
            "{settings} を開き、公開元にブランチ gh-pages（または GitHub Actions）を選んでください。"
            "選んであれば、このリポジトリの「Pages」を読めるトークンを作り、GITHUB_TOKEN に設定してください。"
        ),
    ),
    "pages.by_actions": (
        "GitHub の公開元が「GitHub Actions」のため、{branch} に送った内容は表示されません。",
        "{settings} で「Deploy from a branch」、{branch}、/ (root) を選ぶか、プッシュで公開してください。",
    ),
    "pages.by_branch": (
        "GitHub の公開元がブランチのため、GitHub Actions の結果は表示されません。",
        "{settings} を開き、公開元に「GitHub Actions」を選んでください。",
    ),
    "pages.other_branch": (
        "GitHub はブランチ {value} を表示しますが、公開先は {branch} です。",
        "{settings} を開き、ブランチ {branch} とフォルダー / (root) を選んでください。",
    ),
    "pages.no_domain": (
        "{repository} にはドメインが設定されていません。",
        "{settings} を開き、「Custom domain」に {name} と入力して保存してください。",
    ),
    "pages.other_domain": (
        "GitHub のドメインは {value} ですが、baseURL は {name} です。",
        "{settings} を開き、「Custom domain」に {name} と入力するか、baseURL を直してください。",
    ),
    "pages.not_enforced": (
        "証明書はありますが、HTTPS が必須になっていません。",
        "{settings} を開き、「Enforce HTTPS」にチェックを入れてください。",
    ),
    "pages.certificate": (
        "GitHub が証明書を準備しています（{state}）。",
        (
            "一時間ほど待ってください。それより長くかかるときは、{settings} でドメインを削除し、"
            "もう一度追加してください。"
        ),
    ),
    "pages.errored": (
        "最後の公開を GitHub がビルドできませんでした。",
        "{settings} とリポジトリの「Actions」で理由を確認してください。",
    ),
    "certificate.fine": ("{name} に {until} まで有効です。", ""),
    "certificate.soon": (
        "{until} に切れます。本来ならもう更新されているはずです。",
        "上のレコードを確認してください。正しければ、GitHub でドメインを削除し、もう一度追加してください。",
    ),
    "certificate.expired": (
        "{until} に切れました。ブラウザーが警告を出します。",
        "上のレコードを確認してから、GitHub でドメインを削除し、もう一度追加してください。",
    ),
    "certificate.not_yet": (
        "証明書が別の名前のものです。GitHub はまだ {name} の証明書を作っていません。",
        (
            "レコードが正しくなってから一時間ほど待ってください。それより長くかかるときは、"
            "GitHub（Settings → Pages）でドメインを削除し、もう一度追加してください。"
        ),
    ),
    "certificate.untrusted": (
        "ブラウザーがこの証明書を信頼しません：{detail}",
        "上のレコードが GitHub だけを指しているか確認してください。",
    ),
    "certificate.unreachable": (
        "HTTPS の応答がありません：{detail}",
        "上のレコードが正しいか確認し、一時間ほど待ってください。",
    ),
    "site.fine": ("https://{name}/ でサイトが表示されます。", ""),
    "site.missing": (
        "GitHub は応答しますが、{name} のサイトがありません。",
        "GitHub（Settings → Pages → Custom domain）でドメインを設定し、公開してください。",
    ),
    "site.elsewhere": (
        "https://{name}/ は {value} へ転送されます。",
        "GitHub（Settings → Pages → Custom domain）のドメインを {name} にしてください。",
    ),
    "site.broken": (
        "https://{name}/ の応答はステータス {value} です。",
        "公開してから、もう一度確認してください。",
    ),
    "site.unreachable": (
        "確認していません。まだ安全な接続がありません。",
        "先に証明書を整えてください。",
    ),
    "https.fine": ("http:// で開いても https:// へ転送されます。", ""),
    "https.not_enforced": (
        "http://{name}/ が HTTPS なしで表示されます。",
        "GitHub でリポジトリの Settings → Pages を開き、「Enforce HTTPS」にチェックを入れてください。",
    ),
    "https.elsewhere": (
        "http://{name}/ は {value} へ転送されます。",
        "GitHub（Settings → Pages → Custom domain）のドメインを {name} にしてください。",
    ),
    "https.broken": (
        "http://{name}/ の応答はステータス {value} です。",
        "公開してから、もう一度確認してください。",
    ),
    "https.unreachable": (
        "http://{name}/ の応答がありません：{detail}",
        "レコードが正しいか確認してください。",
    ),
    "partner.fine": ("{name} は {host} へ転送されます。", ""),
    "partner.nowhere": (
        "確認していません。{name} はまだどこも指していません。",
        "先に上のレコードを設定してください。",
    ),
    "partner.not_yet": (
        "{name} への安全な接続がまだありません：{detail}",
        (
            "両方の名前が正しくなれば、GitHub が両方の証明書を作ります。一時間ほど待ってください。"
            "それより長くかかるときは、GitHub でドメインを削除し、もう一度追加してください。"
        ),
    ),
    "partner.stays": (
        "{name} は {host} へ転送されず、ステータス {value} を返します。",
        "両方の名前が GitHub を指し、GitHub のドメインが {host} になっているか確認してください。",
    ),
    "partner.elsewhere": (
        "{name} は {host} ではなく {value} へ転送されます。",
        "レジストラの転送設定を切り、上のレコードを設定してください。",
    ),
    "any.waiting": (
        "ネームサーバーはもう正しく設定されています。ほかの場所には古い答えが、長くて {minutes} 分残ります。",
        "待ってから、もう一度確認してください。",
    ),
    "any.failed": (
        "確認していません。{name} について DNS の応答がありません。{detail}",
        "あとでもう一度確認してください。続くときは、ドメインのネームサーバーの状態を調べてください。",
    ),
    "any.nowhere": (
        "確認していません。名前がまだどこも指していません。",
        "先に上のレコードを設定してください。",
    ),
    "any.proxied": (
        (
            "{name} は GitHub ではなく Cloudflare のプロキシを指しています。"
            "このままでは GitHub が証明書を作れません。"
        ),
        "少なくとも HTTPS が動くまで、このレコードのプロキシを切ってください（「DNS のみ」、灰色の雲）。",
    ),
}
